import type { CrewAgent, CrewTask } from "../crews/crew.ts";
import type { TaskRequest, TaskResult, TaskUsage } from "../crews/steps.ts";
import type { JobWork } from "./job.ts";

/** How a step is run: given up when `signal` fires; `beat` says that it is still alive. */
export interface TaskRun {
  readonly signal: AbortSignal;
  readonly beat?: () => void;
  /** The model failed in all attempts before: this one does without. */
  readonly withoutModel?: boolean;
}

/** The work itself, outside of any engine: with a model or without, calls of tools with a journal, guardrails. */
export interface TaskWork {
  /**
   * One round of a task. The same key again gives what was kept, if it was done, and repeats no call with effects.
   * @throws {AppError} what may be tried again: UPSTREAM_*, PROVIDER_*, RATE_LIMITED, TIMEOUT; everything else ends the job.
   */
  doTask(job: JobWork, request: TaskRequest, run: TaskRun): Promise<TaskResult>;
  /** Who does each of the tasks; without a model the first agent whose tools and role fit best. */
  assign(
    job: JobWork,
    request: {
      readonly key: string;
      readonly manager: CrewAgent;
      readonly agents: readonly CrewAgent[];
      readonly tasks: readonly CrewTask[];
    },
    run: TaskRun,
  ): Promise<{ readonly agents: Readonly<Record<string, string>>; readonly usage: TaskUsage }>;
}
