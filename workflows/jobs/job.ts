import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Crew } from "../crews/crew.ts";
import type { ApprovalQuestion, TaskOutput, TaskUsage } from "../crews/steps.ts";

export const jobStatuses = [
  "queued",
  "running",
  "waiting_approval",
  "completed",
  "failed",
  "cancelled",
  "outcome_unknown",
] as const;
/** `outcome_unknown`: it waits for somebody to say whether a call with effects happened. */
export type JobStatus = (typeof jobStatuses)[number];

/** Statuses that no job leaves. */
export const endStatuses: ReadonlySet<JobStatus> = new Set(["completed", "failed", "cancelled"]);

export interface JobError {
  readonly code: string;
  readonly message: string;
  /** The task in which it happened. */
  readonly task?: string;
}

export interface JobProgress {
  readonly done: number;
  readonly total: number;
  /** Tasks that run now; one that waits for people does not. */
  readonly running: readonly string[];
}

/** A long-running crew, as its owner sees it. */
export interface Job {
  readonly id: string;
  /** Id of the crew. */
  readonly crew: string;
  readonly status: JobStatus;
  readonly progress: JobProgress;
  readonly result?: TaskOutput;
  readonly error?: JobError;
  /** What it waits to be told, while it does. */
  readonly question?: PendingQuestion;
  readonly usage: TaskUsage;
  /** The conversation its result goes into. */
  readonly threadId: string;
  readonly createdAt: string;
  readonly endedAt?: string;
}

/** A job in a list: without its result, and without what it is asked in full; who asks for it alone sees them. */
export interface JobEntry extends Omit<Job, "result" | "question"> {
  /** There is a result to be seen. */
  readonly hasResult?: boolean;
  readonly question?: Pick<PendingQuestion, "key" | "askedAt"> & {
    readonly question: Pick<ApprovalQuestion, "about" | "task">;
  };
}

export interface PendingQuestion {
  readonly key: string;
  readonly question: ApprovalQuestion;
  readonly askedAt: string;
}

/** All that running a job needs: the crew as it was when the job was made, whatever becomes of the registry. */
export interface JobWork {
  readonly id: string;
  readonly crew: Crew;
  /** Periods in it (`format: period`) are those that were meant when the job was asked for. */
  readonly input: Readonly<Record<string, unknown>>;
  /** IANA name: of whoever asked, else of the installation. */
  readonly timezone: string;
  /** When the job was asked for; ISO 8601. */
  readonly askedAt: string;
  readonly principal: { readonly id: string; readonly roles: readonly string[] };
  readonly threadId: string;
  /** Of a confidential thread's job no content leaves the sealed store. */
  readonly mode: Mode;
}
