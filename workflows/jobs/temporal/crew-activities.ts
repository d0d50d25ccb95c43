import type { Crew } from "../../crews/crew.ts";
import type { ApprovalQuestion, CrewEvent, Decision, TaskRequest, TaskResult, TaskUsage } from "../../crews/steps.ts";
import type { JobOutcome } from "../job-store.ts";

/** One round of a task, by names: the worker reads what they stand for from the job itself. */
export interface RoundCall extends Omit<TaskRequest, "task" | "agent"> {
  readonly jobId: string;
  readonly task: string;
  readonly agent: string;
  /** The model failed in all attempts before. */
  readonly withoutModel?: boolean;
}

export interface AssignCall {
  readonly jobId: string;
  readonly key: string;
  readonly manager: string;
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
  readonly timeoutSeconds: number;
  /** The model failed in all attempts before. */
  readonly withoutModel?: boolean;
}

/** What a crew's workflow has done for it. Each may be done again with the same arguments and then changes nothing. */
export type CrewActivities = {
  /** The outline of the job's crew; the job counts as begun. */
  open(jobId: string): Promise<{ readonly crew: Crew; readonly isToCancel: boolean }>;
  doTask(call: RoundCall): Promise<TaskResult>;
  assign(call: AssignCall): Promise<{ readonly agents: Readonly<Record<string, string>>; readonly usage: TaskUsage }>;
  emit(jobId: string, event: CrewEvent): Promise<void>;
  ask(jobId: string, key: string, question: ApprovalQuestion): Promise<void>;
  decision(jobId: string, key: string): Promise<Decision | undefined>;
  wishesToCancel(jobId: string): Promise<boolean>;
  finish(jobId: string, outcome: JobOutcome): Promise<void>;
};
