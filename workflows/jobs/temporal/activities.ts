import { ApplicationFailure, CancelledFailure, Context } from "@temporalio/activity";
import { type AppError, isAppError } from "../../../platform/errors/app-error.ts";
import type { CrewAgent, CrewTask } from "../../crews/crew.ts";
import type { TaskResult } from "../../crews/steps.ts";
import type { TaskRun, TaskWork } from "../do-task.ts";
import type { JobWork } from "../job.ts";
import type { JobRecords } from "../job-store.ts";
import type { CrewActivities } from "./crew-activities.ts";
import { outlineOf } from "./crew-outline.ts";
import { fitsHistory } from "./payload-limit.ts";
import { isStoreAway, type StepFailure } from "./step-failure.ts";

export interface CrewActivitiesDeps {
  readonly work: TaskWork;
  readonly records: JobRecords;
  /** Told of each step that ended here: how, and how long it took. */
  readonly onStep?: (step: "task" | "assign", outcome: "ok" | "failed" | "cancelled", seconds: number) => void;
  /** How often a running step says that it is alive, and hears whether it is cancelled. */
  readonly beatMs?: number;
}

/** As the workflow reads it: Temporal itself repeats what our own stores missed, the workflow counts everything else. */
const toFailure = (error: unknown): ApplicationFailure => {
  if (error instanceof ApplicationFailure) return error;
  const known = isAppError(error);
  const { code, message, retryable, retryAfterSeconds } = known
    ? error
    : ({ code: "INTERNAL", message: "A step failed inside Athena.", retryable: false } as AppError);
  const told: StepFailure = { retryable, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !isStoreAway(code),
    details: [told],
  });
};

const reading = async <Result>(read: () => Promise<Result>): Promise<Result> => {
  try {
    return await read();
  } catch (error) {
    throw toFailure(error);
  }
};

const found = <Value>(value: Value | undefined, what: string): Value => {
  if (value !== undefined) return value;
  throw ApplicationFailure.create({ type: "NOT_FOUND", message: `There is no ${what}.`, nonRetryable: true });
};

/** What the history may hold of a confidential job's results: that there are some. */
const withoutContent = (result: TaskResult): TaskResult => {
  if (result.status === "refused") return { ...result, feedback: "" };
  if (result.status === "outcome_unknown") return { ...result, call: { ...result.call, summary: result.call.tool } };
  const { ref, citations } = result.output;
  return {
    ...result,
    output: { text: "", citations: citations.map(({ id }) => ({ id, title: "" })), ...(ref ? { ref } : {}) },
  };
};

/**
 * What a crew's workflow does to the world: tasks by `work`, the job's rows by `records`. A step stops when the job is
 * cancelled, its time is up or the worker goes; only the last is tried again without counting.
 */
export const createCrewActivities = ({ work, records, onStep, beatMs = 2_000 }: CrewActivitiesDeps): CrewActivities => {
  const jobOf = async (id: string): Promise<JobWork> => found(await records.work(id), "such job");

  const running = async <Result>(
    name: "task" | "assign",
    jobId: string,
    timeoutSeconds: number,
    step: (job: JobWork, run: TaskRun) => Promise<Result>,
  ): Promise<Result> => {
    const context = Context.current();
    const stopped = context.cancellationSignal;
    // One controller for each step: listeners on the worker's own signals would stay.
    const controller = new AbortController();
    const stop = () => controller.abort(stopped.reason);
    if (stopped.aborted) stop();
    stopped.addEventListener("abort", stop, { once: true });
    const late = Symbol("late");
    const limit = setTimeout(() => controller.abort(late), 1_000 * timeoutSeconds);
    const beat = setInterval(() => context.heartbeat(), beatMs);
    const since = performance.now();
    const tell = (outcome: "ok" | "failed" | "cancelled") =>
      onStep?.(name, outcome, (performance.now() - since) / 1_000);
    try {
      const result = await step(await jobOf(jobId), { signal: controller.signal, beat: () => context.heartbeat() });
      if (!fitsHistory(result)) {
        throw ApplicationFailure.create({
          type: "TOO_LARGE",
          message: "A step gave more than fits into a job's history; long results must be kept and go by ref.",
          nonRetryable: true,
        });
      }
      tell("ok");
      return result;
    } catch (error) {
      if (stopped.aborted) {
        tell("cancelled");
        if (stopped.reason instanceof CancelledFailure && stopped.reason.message !== "WORKER_SHUTDOWN")
          throw stopped.reason;
        throw ApplicationFailure.retryable("The worker stops; another one goes on.", "WORKER_STOPPED");
      }
      tell("failed");
      if (controller.signal.reason === late) {
        const told: StepFailure = { retryable: true };
        throw ApplicationFailure.nonRetryable("The step's time was up.", "DEADLINE_EXCEEDED", told);
      }
      throw toFailure(error);
    } finally {
      clearTimeout(limit);
      clearInterval(beat);
      stopped.removeEventListener("abort", stop);
    }
  };

  /** Of a confidential job, why its owner wanted another round: the workflow was not told. */
  const withheld = async (job: JobWork, key: string): Promise<{ readonly feedback?: string }> => {
    const [, begin, round] = /^(.*\/)(\d+)$/.exec(key) ?? [];
    if (job.mode !== "confidential" || begin === undefined || Number(round) < 2) return {};
    const decision = await records.decision(job.id, `${begin}${Number(round) - 1}/result`);
    return decision?.reason === undefined ? {} : { feedback: decision.reason };
  };

  const agentOf = (job: JobWork, id: string): CrewAgent =>
    found(
      job.crew.agents.find((agent) => agent.id === id),
      "such agent in this crew",
    );
  const taskOf = (job: JobWork, id: string): CrewTask =>
    found(
      job.crew.tasks.find((task) => task.id === id),
      "such task in this crew",
    );

  return {
    open: (jobId) =>
      reading(async () => {
        const { crew } = await jobOf(jobId);
        await records.started(jobId);
        return { crew: outlineOf(crew), isToCancel: await records.wishesToCancel(jobId) };
      }),
    doTask: ({ jobId, task, agent, ...call }) =>
      running("task", jobId, call.timeoutSeconds, async (job, run) => {
        const request = {
          ...call,
          task: taskOf(job, task),
          agent: agentOf(job, agent),
          ...(await withheld(job, call.key)),
        };
        const result = await work.doTask(job, request, run);
        return job.mode === "confidential" ? withoutContent(result) : result;
      }),
    assign: ({ jobId, key, manager, agents, tasks, timeoutSeconds }) =>
      running("assign", jobId, timeoutSeconds, (job, run) =>
        work.assign(
          job,
          {
            key,
            manager: agentOf(job, manager),
            agents: agents.map((id) => agentOf(job, id)),
            tasks: tasks.map((id) => taskOf(job, id)),
          },
          run,
        ),
      ),
    emit: (jobId, event) => reading(() => records.emit(jobId, event)),
    ask: (jobId, key, question) => reading(() => records.ask(jobId, key, question)),
    decision: (jobId, key) =>
      reading(async () => {
        const decision = await records.decision(jobId, key);
        if (decision?.reason === undefined || (await jobOf(jobId)).mode !== "confidential") return decision;
        return { decision: decision.decision, by: decision.by };
      }),
    wishesToCancel: (jobId) => reading(() => records.wishesToCancel(jobId)),
    finish: (jobId, outcome) => reading(() => records.finish(jobId, outcome)),
  };
};
