import {
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { Crew } from "../../crews/crew.ts";
import { runCrew } from "../../crews/run-crew.ts";
import type { CrewState, Steps, TaskUsage } from "../../crews/steps.ts";
import type { JobOutcome } from "../job-store.ts";
import { defaultAttempts } from "../task-attempts.ts";
import { toJobError } from "../to-job-error.ts";
import { type CrewJob, type CrewProgress, lookSignal, progressQuery } from "./crew-job.ts";
import { fitsHistory } from "./payload-limit.ts";
import { createReading, createWorkflowSteps, JobCancelled, TaskError } from "./workflow-steps.ts";

/** Far below Temporal's limit of 51,200 events, so that the last waves of a run still fit. */
const usualEvents = 8_000;

/** Runs one job's crew to its end; the database has its result then. Gives how it ended. */
export async function runCrewJob(job: CrewJob): Promise<JobOutcome["status"]> {
  const { jobId, before, attempts = defaultAttempts, silenceMs = 10_000, eventsPerRun = usualEvents } = job;
  const reading = createReading(silenceMs);
  let looks = 0;
  let crew: Crew | undefined;
  const done = new Set(Object.keys(before?.state.done ?? {}));
  const running = new Set<string>();
  setHandler(defineSignal(lookSignal), () => {
    looks += 1;
  });

  const usage = (): TaskUsage => {
    const { tokens, cost } = before?.usage ?? { tokens: 0, cost: 0 };
    const own = steps.usage();
    return { tokens: tokens + own.tokens, cost: cost + own.cost };
  };
  const wantsPause = (): boolean => {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength >= eventsPerRun;
  };
  const pause = async (state: CrewState): Promise<void> => {
    const next: CrewJob = { ...job, before: { state, usage: usage() } };
    if (!fitsHistory(next)) return; // the history may grow a good deal more, and the results do not
    await continueAsNew<typeof runCrewJob>(next);
  };
  const steps = createWorkflowSteps({
    jobId,
    looks: () => looks,
    wallSeconds: () => crew?.limits.wallSeconds ?? 0,
    attempts,
    silenceMs,
    reading,
    wantsPause,
    pause,
  });
  setHandler(
    defineQuery<CrewProgress>(progressQuery),
    (): CrewProgress => ({
      done: [...done],
      running: [...running],
      total: crew?.tasks.length ?? 0,
      waitingFor: steps.waitingFor(),
    }),
  );

  const watched: Steps = {
    ...steps,
    emit(event) {
      if (event.kind === "task_started" && event.task) running.add(event.task);
      if (event.kind === "task_done" && event.task) {
        running.delete(event.task);
        done.add(event.task);
      }
      return steps.emit(event);
    },
  };

  const scope = new CancellationScope();
  const watchForCancel = async (since: number): Promise<void> => {
    for (let seen = since; ; ) {
      await condition(() => looks > seen);
      seen = looks;
      if (await reading((records) => records.wishesToCancel(jobId))) return scope.cancel();
    }
  };

  const outcome = async (): Promise<JobOutcome> => {
    try {
      const looksBefore = looks;
      const opened = await reading((records) => records.open(jobId));
      const opening = opened.crew;
      crew = opening;
      if (opened.isToCancel) return { status: "cancelled", usage: usage() };
      watchForCancel(looksBefore).catch(() => undefined);
      const state = before?.state;
      const result = await scope.run(() => runCrew({ jobId, crew: opening, ...(state ? { state } : {}) }, watched));
      return { status: "completed", result, usage: usage() };
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      // Tasks beside the one that failed stop as well, and what they did is over before the job is.
      scope.cancel();
      await CancellationScope.nonCancellable(() => steps.settled());
      if (isCancellation(error) || error instanceof JobCancelled) return { status: "cancelled", usage: usage() };
      const told = error instanceof TaskError ? toJobError(error.cause, error.task) : toJobError(error);
      return { status: "failed", error: told, usage: usage() };
    }
  };

  const ended = await outcome();
  await reading((records) => records.finish(jobId, ended));
  if (ended.status === "failed") throw ApplicationFailure.nonRetryable("The job failed.", ended.error.code);
  return ended.status;
}
