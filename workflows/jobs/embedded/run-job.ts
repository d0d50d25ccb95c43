import { setMaxListeners } from "node:events";
import { entrypoint, isGraphInterrupt } from "@langchain/langgraph";
import type { Logger } from "pino";
import type { Mode } from "../../../platform/egress/egress-class.ts";
import { CrewFailure } from "../../crews/crew-failure.ts";
import { runCrew } from "../../crews/run-crew.ts";
import type { TaskUsage } from "../../crews/steps.ts";
import type { TaskWork } from "../do-task.ts";
import { errorForLog } from "../error-for-log.ts";
import type { JobWork } from "../job.ts";
import type { JobOutcome, JobRecords, MayFinish } from "../job-store.ts";
import type { TaskAttempts } from "../task-attempts.ts";
import { toJobError } from "../to-job-error.ts";
import { createDecisionDesk } from "./decision-desk.ts";
import { createEmbeddedSteps } from "./embedded-steps.ts";
import { LeaseLost } from "./job-leases.ts";
import { StepFailed } from "./kept-step.ts";
import type { RunSaver } from "./run-saver.ts";

export interface JobRunOptions {
  readonly job: JobWork;
  readonly records: JobRecords;
  readonly work: TaskWork;
  readonly saver: RunSaver;
  /** Whether steps of the job are kept from an earlier run. */
  readonly isKnown: boolean;
  readonly attempts: TaskAttempts;
  readonly now: () => number;
  /** @throws {LeaseLost} when another process has the job. */
  readonly mayFinish: MayFinish;
  readonly mayBegin: () => Promise<void>;
  readonly logger: Pick<Logger, "warn">;
}

/** Its owner wants the job to stop. */
export class JobCancelled extends Error {
  constructor() {
    super("the job is cancelled");
    this.name = "JobCancelled";
  }
}

export type RunEnd = { readonly ended: true } | { readonly ended: false; readonly waitsFor: readonly string[] };

export interface JobRun {
  /** Resolves when the job is over or waits for people only. @throws what kept it from going on: the signal's reason, the database. */
  readonly over: Promise<RunEnd>;
  /** Looks for decisions. */
  look(): Promise<void>;
  abort(reason: Error): void;
  /** Of the job, as it was seen last. */
  mode(): Mode;
}

/** Runs a job from its first unfinished step until it is over, or until it waits for people only. */
export const runJob = (options: JobRunOptions): JobRun => {
  const { job, records, work, saver, isKnown, attempts, now, mayFinish, mayBegin, logger } = options;
  const { id } = job;
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each attempt listens; there may be more at once than Node takes for a leak.
  setMaxListeners(0, signal);
  const desk = createDecisionDesk(id, records, signal);
  let isOver = false;

  const ready = async (): Promise<void> => {
    await saver.settled();
    await mayBegin();
    signal.throwIfAborted();
  };

  let { mode } = job;
  const current = async (): Promise<JobWork> => {
    const asItIs = await records.work(id);
    if (!asItIs) throw new LeaseLost();
    mode = asItIs.mode;
    return asItIs;
  };

  const outcomeOf = (error: unknown, usage: TaskUsage): JobOutcome | undefined => {
    if (signal.reason instanceof JobCancelled) return { status: "cancelled", usage };
    if (error instanceof StepFailed) return { status: "failed", error: error.failure, usage };
    if (error instanceof CrewFailure) return { status: "failed", error: toJobError(error), usage };
    return undefined;
  };

  const conduct = async ({ startedAt }: { readonly startedAt: number }): Promise<void> => {
    const { steps, usage, settled, close } = createEmbeddedSteps({
      ...{ job, current, startedAt, work, records, desk, attempts, now, ready, signal },
      onUnforeseen(error, task) {
        logger.warn(
          { err: errorForLog(error, mode), job: id, task },
          "a task of a job failed in a way that nobody foresaw",
        );
      },
    });
    let outcome: JobOutcome;
    try {
      const result = await runCrew({ jobId: id, crew: job.crew }, steps);
      outcome = { status: "completed", result, usage: usage() };
    } catch (error) {
      const known = outcomeOf(error, usage());
      if (!known) {
        // A run that only waits has nothing under way; any other leaves nothing at work that the next one would begin beside it.
        if (!isGraphInterrupt(error)) stopping.abort(error);
        await settled();
        throw error;
      }
      outcome = known;
    } finally {
      close();
    }
    stopping.abort(new Error("the job is over"));
    // What is done beside the task that ended it is over, or known to be open, before the job says how it ended.
    await settled();
    await saver.settled();
    await records.finish(id, outcome, mayFinish);
    isOver = true;
    // What LangGraph still has to say of the end is removed with the rest.
    saver.close();
  };

  const over = async (): Promise<RunEnd> => {
    await records.started(id);
    let conducting: Promise<void> | undefined;
    const program = entrypoint({ name: "crew", checkpointer: saver }, (input: { startedAt: number }) => {
      conducting = conduct(input);
      return conducting;
    });
    const config = { configurable: { thread_id: id }, durability: "async" as const };
    const [invoked] = await Promise.allSettled([program.invoke(isKnown ? null : { startedAt: now() }, config)]);
    // LangGraph waits no more for a program one of whose branches was aborted, though it may still have to end the job.
    const [conducted] = await Promise.allSettled([conducting]);
    if (isOver) return { ended: true };
    if (conducted.status === "rejected" && !isGraphInterrupt(conducted.reason)) throw conducted.reason;
    if (conducting === undefined && invoked.status === "rejected") throw invoked.reason;
    await saver.settled();
    signal.throwIfAborted();
    return { ended: false, waitsFor: desk.leftOpen() };
  };

  return {
    over: over(),
    look: () => desk.look(),
    abort: (why) => stopping.abort(why),
    mode: () => mode,
  };
};
