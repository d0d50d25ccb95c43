import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from "@temporalio/workflow";
import { CrewFailure } from "../../crews/crew-failure.ts";
import { type CrewState, type Steps, stepNameOf, type TaskResult, type TaskUsage } from "../../crews/steps.ts";
import { isTransient, mayBeModel, pauseAfter, type TaskAttempts } from "../task-attempts.ts";
import type { CrewActivities } from "./crew-activities.ts";
import { recordsQueueOf } from "./crew-job.ts";
import { type StepFailure, toAppError, toBeCancelled } from "./step-failure.ts";

/** Room for a worker to end by itself what has reached its time. */
const graceSeconds = 30;
/**
 * Deaths of workers are not failures of the step: Temporal tries again, as often as there is time, and soon: whoever died
 * several times has waited long enough.
 */
const retry = { initialInterval: "1 second", backoffCoefficient: 2, maximumInterval: "5 seconds" } as const;

/**
 * Reads and writes of our own database: on a queue of their own, so that they wait for no task. Activities with entries in the
 * history, not local ones: which of several local ones that end together was first is nowhere written, and a replay that
 * takes another way stops the job for good (`TMPRL1100`). They are never cancelled: what people and the job say is kept.
 */
export const createReading = (silenceMs: number) => {
  const records = proxyActivities<CrewActivities>({
    taskQueue: recordsQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: "2 minutes",
    heartbeatTimeout: silenceMs,
    retry,
  });
  return <Result>(read: (records: CrewActivities) => Promise<Result>): Promise<Result> =>
    CancellationScope.nonCancellable(() => read(records));
};

export type Reading = ReturnType<typeof createReading>;

const working = (activityId: string, seconds: number, silenceMs: number) =>
  proxyActivities<CrewActivities>({
    // A name that says which step it is: a replay finds out when the program does another one in its place.
    activityId,
    startToCloseTimeout: Math.ceil(1_000 * (seconds + graceSeconds)),
    scheduleToCloseTimeout: Math.ceil(1_000 * (seconds + 2 * graceSeconds)),
    heartbeatTimeout: silenceMs,
    // What is cancelled has ended before the job says so.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
  });

/** A task failed for good, and which. */
export class TaskError extends Error {
  readonly task: string | undefined;

  constructor(task: string | undefined, cause: unknown) {
    super("A task failed.", { cause });
    this.name = "TaskError";
    this.task = task;
  }
}

/** A step was not begun, or not begun again, because the job is to be cancelled. */
export class JobCancelled extends Error {
  constructor() {
    super("The job is to be cancelled.");
    this.name = "JobCancelled";
  }
}

/** The error that a step told of; what it threw where it told of none. */
const toldBy = (error: unknown): unknown => {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return error;
  if (cause.type === toBeCancelled) return new JobCancelled();
  const [told] = (cause.details ?? []) as [Partial<StepFailure>?];
  return toAppError(cause.type ?? "INTERNAL", cause.message, told);
};

/** Temporal tried again until there was no time left, whatever came in between. */
const isOutOfTime = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  (error.retryState === "TIMEOUT" ||
    (error.cause instanceof TimeoutFailure && error.cause.timeoutType === "SCHEDULE_TO_CLOSE"));

/** It was to be cancelled, and before it could say how that went it was cut off: its worker died, or stopped. */
const isCutOffAsCancelled = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.retryState === "CANCEL_REQUESTED";

export interface WorkflowStepsDeps {
  readonly jobId: string;
  /** How often the job was told to look: what it waits for may be stored now. */
  readonly looks: () => number;
  /** The job's limit of time. */
  readonly wallSeconds: () => number;
  readonly attempts: TaskAttempts;
  readonly silenceMs: number;
  readonly reading: Reading;
  readonly wantsPause: () => boolean;
  readonly pause: (state: CrewState) => Promise<void>;
}

export interface WorkflowSteps extends Steps {
  /** What the steps of this run have used. */
  usage(): TaskUsage;
  /** Keys of the questions that wait for an answer. */
  waitingFor(): readonly string[];
  /** Ends when nothing that was begun is under way any more. */
  settled(): Promise<void>;
}

/** The program's steps as activities of Temporal. */
export const createWorkflowSteps = (deps: WorkflowStepsDeps): WorkflowSteps => {
  const { jobId, looks, wallSeconds, attempts, silenceMs, reading, wantsPause, pause } = deps;
  const underWay = new Set<Promise<unknown>>();
  const questions = new Set<string>();
  let usage: TaskUsage = { tokens: 0, cost: 0 };

  /** Runs a step until it gives something, fails for good or has no time left; at last without the model that failed. */
  const persistently = async <Result>(
    key: string,
    task: string | undefined,
    seconds: number,
    step: (
      work: CrewActivities,
      given: { readonly timeoutSeconds: number; readonly withoutModel?: true },
    ) => Promise<Result>,
  ): Promise<Result> => {
    const until = Date.now() + 1_000 * seconds;
    const late = () =>
      new CrewFailure("limit_reached", `The job stopped after ${wallSeconds()} seconds, its limit.`, task);
    for (let attempt = 1; ; attempt++) {
      const left = (until - Date.now()) / 1_000;
      if (left <= 0) throw late();
      const isLast = attempt > attempts.most;
      try {
        return await step(working(`${key} ${attempt}`, left, silenceMs), {
          timeoutSeconds: Math.min(left, attempts.timeoutMs / 1_000),
          ...(isLast ? { withoutModel: true } : {}),
        });
      } catch (thrown) {
        if (isCancellation(thrown)) throw thrown;
        if (isCutOffAsCancelled(thrown)) throw new JobCancelled();
        if (isOutOfTime(thrown)) throw late();
        const error = toldBy(thrown);
        if (error instanceof JobCancelled) throw error;
        const isOver = Date.now() >= until;
        if (!isTransient(error)) throw new TaskError(task, error);
        if (isOver) throw late();
        if (isLast || (attempt === attempts.most && !mayBeModel(error))) throw new TaskError(task, error);
        if (attempt < attempts.most) await sleep(pauseAfter(attempt, error, attempts));
      }
    }
  };

  const counted = async <Result extends { readonly usage: TaskUsage }>(step: Promise<Result>): Promise<Result> => {
    underWay.add(step);
    try {
      const result = await step;
      usage = { tokens: usage.tokens + result.usage.tokens, cost: usage.cost + result.usage.cost };
      return result;
    } finally {
      underWay.delete(step);
    }
  };

  return {
    async runTask({ task, agent, ...request }, allowance): Promise<TaskResult> {
      const { tokens: tokensLeft, seconds } = allowance();
      return counted(
        persistently(stepNameOf(request), task.id, seconds, (work, given) =>
          work.doTask({ ...request, jobId, task: task.id, agent: agent.id, tokensLeft, ...given }),
        ),
      );
    },
    assign: ({ key, manager, agents, tasks }) =>
      counted(
        persistently(key, undefined, wallSeconds(), (work, given) =>
          work.assign({
            jobId,
            key,
            manager: manager.id,
            agents: agents.map(({ id }) => id),
            tasks: tasks.map(({ id }) => id),
            ...given,
          }),
        ),
      ),
    async awaitApproval(key, question) {
      questions.add(key);
      try {
        await reading((records) => records.ask(jobId, key, question));
        for (;;) {
          const seen = looks();
          const decision = await reading((records) => records.decision(jobId, key));
          if (decision) return decision;
          await condition(() => looks() > seen);
        }
      } finally {
        questions.delete(key);
      }
    },
    emit: (event) => reading((records) => records.emit(jobId, event)),
    now: () => Date.now(),
    wantsPause,
    mayPause: async (state) => {
      if (wantsPause()) await pause(state);
    },
    usage: () => usage,
    waitingFor: () => [...questions],
    async settled() {
      await Promise.allSettled(underWay);
    },
  };
};
