import type { CrewState, TaskUsage } from "../../crews/steps.ts";
import type { TaskAttempts } from "../task-attempts.ts";

/** Names by which client and worker know the workflow; changing one orphans what runs under it. */
export const workflowType = "runCrewJob";
export const lookSignal = "look";
export const progressQuery = "progress";
export const taskQueue = "athena-jobs";
export const deploymentName = "athena-jobs";
/** Where reads and writes of jobs' own rows are done, beside a queue of steps. */
export const recordsQueueOf = (queue: string): string => `${queue}-records`;

/** What one run of the workflow begins with. */
export interface CrewJob {
  readonly jobId: string;
  /** What earlier runs of the same job had done and used. */
  readonly before?: { readonly state: CrewState; readonly usage: TaskUsage };
  readonly attempts?: TaskAttempts;
  /** How long a worker that does a step may be silent before the step goes to another one. */
  readonly silenceMs?: number;
  /** Events of one history after which the next run begins; Temporal's own suggestion counts as well. */
  readonly eventsPerRun?: number;
}

/** What a running job answers to the query `progress`. */
export interface CrewProgress {
  readonly done: readonly string[];
  readonly running: readonly string[];
  readonly total: number;
  /** Keys of the questions that it waits with. */
  readonly waitingFor: readonly string[];
}
