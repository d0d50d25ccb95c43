import { interrupt, isGraphBubbleUp } from "@langchain/langgraph";
import { isAppError } from "../../../platform/errors/app-error.ts";
import { CrewFailure } from "../../crews/crew-failure.ts";
import type { Decision, Steps, TaskUsage } from "../../crews/steps.ts";
import type { TaskRun, TaskWork } from "../do-task.ts";
import type { JobError, JobWork } from "../job.ts";
import type { JobRecords } from "../job-store.ts";
import type { TaskAttempts } from "../task-attempts.ts";
import { toJobError } from "../to-job-error.ts";
import { attemptTask } from "./attempt-task.ts";
import type { DecisionDesk } from "./decision-desk.ts";
import { type KeptStep, keepStep, StepFailed } from "./kept-step.ts";

export interface EmbeddedStepsOptions {
  readonly job: JobWork;
  readonly startedAt: number;
  readonly work: TaskWork;
  readonly records: Pick<JobRecords, "emit">;
  readonly desk: DecisionDesk;
  readonly attempts: TaskAttempts;
  readonly now: () => number;
  /** Resolves when a step may begin: what came before is kept, and this process has the job. */
  readonly ready: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Told of failures that nobody foresaw. */
  readonly onUnforeseen: (error: unknown, task: string | undefined) => void;
}

const nothing: TaskUsage = { tokens: 0, cost: 0 };
const sum = (left: TaskUsage, right: TaskUsage): TaskUsage => ({
  tokens: left.tokens + right.tokens,
  cost: left.cost + right.cost,
});

export interface EmbeddedSteps {
  readonly steps: Steps;
  /** What those steps have used that were seen so far. */
  usage(): TaskUsage;
  /** Lets go of the branches that have not begun, at the end of the run. */
  close(): void;
}

/** A task's branch: known to LangGraph from the start of the run, begun when the program comes to it. */
interface Branch {
  readonly begin: (inside: ((steps: Steps) => Promise<unknown>) | undefined) => void;
  readonly kept: Promise<KeptStep<unknown>>;
}

/**
 * The steps of one run of a job, each kept by LangGraph. Must be made in the entrypoint, before anything else: LangGraph knows a
 * step by its place in the order of steps, so all branches are announced at once, in the order of the crew's tasks, and may
 * then begin in any order.
 */
export const createEmbeddedSteps = (options: EmbeddedStepsOptions): EmbeddedSteps => {
  const { job, startedAt, work, records, desk, attempts, now, ready, signal, onUnforeseen } = options;
  const used = new Map<string, TaskUsage>();
  let latest = startedAt;

  /** A failure of the work itself ends the job and is kept; when the run is stopped or the database is away, the step stays undone. */
  const failureOfWork = (error: unknown, of: string | undefined): JobError | undefined => {
    if (signal.aborted || isAppError(error, "DATABASE_UNAVAILABLE")) return undefined;
    if (!isAppError(error) && !(error instanceof CrewFailure)) onUnforeseen(error, of);
    return toJobError(error, of);
  };
  /** Of a branch only what the program or its steps ended with. */
  const failureOfBranch = (error: unknown): JobError | undefined => {
    if (error instanceof StepFailed) return error.failure;
    return error instanceof CrewFailure ? toJobError(error) : undefined;
  };

  const settle = async <Value>(
    body: () => Promise<Value>,
    measure: (value?: Value) => { readonly at: number; readonly usage: TaskUsage },
    failureOf: (error: unknown) => JobError | undefined,
  ): Promise<KeptStep<Value>> => {
    try {
      const value = await body();
      return { ...measure(value), value };
    } catch (error) {
      const failure = isGraphBubbleUp(error) ? undefined : failureOf(error);
      if (!failure) throw error;
      return { ...measure(), failure };
    }
  };

  const seen = <Value>({ at, failure, value }: KeptStep<Value>): Value => {
    latest = Math.max(latest, at);
    if (failure) throw new StepFailed(failure);
    return value as Value;
  };

  /** `branch`: the task whose steps these are; the clock of a branch goes on with its own steps only. */
  const stepsOf = (branch: string | undefined, clock: { at: number }): Steps => {
    const step = async <Value>(name: string, body: () => Promise<KeptStep<Value>>): Promise<Value> => {
      const kept = await keepStep(name, async () => {
        await ready();
        return body();
      });
      clock.at = Math.max(clock.at, kept.at);
      used.set(branch ?? "", sum(used.get(branch ?? "") ?? nothing, kept.usage));
      return seen(kept);
    };
    const workStep = <Value extends { readonly usage: TaskUsage }>(
      key: string,
      body: (run: TaskRun) => Promise<Value>,
      seconds: number,
    ): Promise<Value> =>
      step(key, () =>
        settle(
          () => attemptTask(body, limited(seconds)),
          (value) => ({ at: now(), usage: value?.usage ?? nothing }),
          (error) => failureOfWork(error, branch),
        ),
      );
    const limited = (seconds: number) => ({
      attempts,
      signal,
      timeLeftMs: seconds * 1_000,
      overTime: () => {
        const { wallSeconds } = job.crew.limits;
        return new CrewFailure("limit_reached", `The job stopped after ${wallSeconds} seconds, its limit.`, branch);
      },
    });
    return {
      now: () => (branch === undefined ? latest : clock.at),
      emit: (event) => desk.during(() => records.emit(job.id, event)),
      runTask: (request) => workStep(request.key, (run) => work.doTask(job, request, run), request.timeoutSeconds),
      assign: (request) => workStep(request.key, (run) => work.assign(job, request, run), job.crew.limits.wallSeconds),
      awaitApproval: (key, question) =>
        step(key, async () => {
          const decision = (await desk.wait(key, question)) ?? interrupt<unknown, Decision>({ waitsFor: key });
          return { at: now(), usage: nothing, value: decision };
        }),
      async branch<Result>(name: string, inside: (steps: Steps) => Promise<Result>) {
        const { begin, kept: keeping } = branches.get(name)!;
        begin(inside);
        const kept = await desk.during(() => keeping);
        used.set(name, kept.usage);
        return seen(kept as KeptStep<Result>);
      },
    };
  };

  const announce = (name: string): Branch => {
    const begun = Promise.withResolvers<((steps: Steps) => Promise<unknown>) | undefined>();
    const kept = keepStep(name, async () => {
      // The run may end before the program comes to it.
      const inside = (await begun.promise) ?? interrupt<unknown, never>({ waitsFor: name });
      const own = { at: latest };
      return settle(
        () => inside(stepsOf(name, own)),
        () => ({ at: own.at, usage: used.get(name) ?? nothing }),
        failureOfBranch,
      );
    });
    kept.catch(() => undefined);
    return { begin: begun.resolve, kept };
  };
  const branches = new Map(job.crew.tasks.map(({ id }) => [id, announce(id)]));

  return {
    steps: stepsOf(undefined, { at: startedAt }),
    usage: () => [...used.values()].reduce(sum, nothing),
    close() {
      for (const { begin } of branches.values()) begin(undefined);
    },
  };
};
