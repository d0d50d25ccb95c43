import type { Queryable } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Crew } from "../crews/crew.ts";
import type { ApprovalQuestion, CrewEvent, Decision, TaskOutput, TaskUsage } from "../crews/steps.ts";
import type { Job, JobEntry, JobError, JobStatus, JobWork } from "./job.ts";

export interface NewJob {
  /** Made by the caller, so that a job is known before it is stored. */
  readonly id: string;
  readonly crew: Crew;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: { readonly id: string; readonly roles: readonly string[] };
  readonly threadId: string;
  readonly mode: Mode;
  /** IANA name of the zone of whoever asks; absent: the installation's. */
  readonly timezone?: string;
  /** The same key of the same principal is the same job. */
  readonly idempotencyKey?: string;
  /** Of what else was asked for, a hash: with the same key other terms are another job. Unknown on either side, they are not compared. */
  readonly terms?: string;
  /** What it is given is not compared: the key's job is the same, whatever was gathered for it this time. */
  readonly anyInput?: boolean;
}

export type JobOutcome =
  | { readonly status: "completed"; readonly result: TaskOutput; readonly usage: TaskUsage }
  | { readonly status: "failed"; readonly error: JobError; readonly usage: TaskUsage }
  | { readonly status: "cancelled"; readonly usage: TaskUsage };

/** What is kept of an event, in order. The last one of a job says how it ended. */
export interface JobEvent extends Omit<CrewEvent, "kind"> {
  readonly kind: CrewEvent["kind"] | JobOutcome["status"];
  /** Grows within a job, with gaps; `Last-Event-ID`. */
  readonly sequence: number;
  readonly at: string;
}

/** What a step was before it was cut off, if it was. */
export type EffectState =
  | { readonly state: "new" }
  | { readonly state: "done"; readonly result: unknown }
  | { readonly state: "begun" };

/** For who asks: everything is bound to the principal; another's job is as one that is not there. */
export interface Jobs {
  /**
   * Stores a job as `queued` with its event, in one transaction; with a known key it gives the job that is there.
   * @throws {AppError} RATE_LIMITED: as many as may be are queued or run, or have not ended; IDEMPOTENCY_MISMATCH: the key's job is another one;
   * NOT_FOUND: no such thread, or it was erased; CONFLICT: a confidential job in an open thread.
   */
  create(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  get(principal: string, id: string): Promise<Job | undefined>;
  list(
    principal: string,
    /** `after`: the last job of the page before. */
    ask: { readonly status?: JobStatus; readonly after?: string; readonly limit: number },
  ): Promise<readonly JobEntry[]>;
  /** In order. */
  events(
    principal: string,
    id: string,
    ask: { readonly after: number; readonly limit: number },
  ): Promise<readonly JobEvent[] | undefined>;
  /**
   * Answers a question that the job waits with: the one of that key; without a key the only one.
   * @throws {AppError} CONFLICT: it waits for nothing, was answered, or waits with several questions and no key says which.
   */
  decide(principal: string, id: string, decision: Decision, key?: string): Promise<Job | undefined>;
  /** Notes that it is to stop; a job that has ended stays as it is. */
  cancel(principal: string, id: string): Promise<Job | undefined>;
}

/** Throws when who asks runs the job no more: another process has it. Stores in memory have no connection. */
export type MayFinish = (connection?: Queryable) => Promise<void>;

/** For the engines. Every call may come again with the same arguments and then changes nothing. */
export interface JobRecords {
  /**
   * Undefined when there is no such job, or it has ended: an engine then has nothing to do. A job whose conversation was erased
   * has no input any more and of its crew the outline, and wishes to be cancelled.
   */
  work(id: string): Promise<JobWork | undefined>;
  /** Jobs that have not ended, oldest first. */
  unfinished(ask: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly { readonly id: string; readonly status: JobStatus }[]>;
  /**
   * Of the unfinished those that have something to do: all but the ones that wait for people and of which nothing was decided,
   * nor cancelling wished, since they were `started` last. `ending`: of these the ones that end without further work, because
   * somebody wants them cancelled or rejected what they asked.
   */
  due(ask: {
    readonly limit: number;
    readonly after?: string;
    readonly only?: string;
    readonly ending?: boolean;
  }): Promise<readonly { readonly id: string }[]>;
  /**
   * Of the unfinished those of which something was stored that no engine has `heard`, oldest first: that there are they, what was
   * decided, a wish to cancel. `told` grows with each of these; 1: there is the job, and nothing else.
   */
  untold(ask: {
    readonly limit: number;
    readonly after?: string;
    readonly only?: string;
  }): Promise<readonly { readonly id: string; readonly told: number }[]>;
  /** Whoever runs the job will look at all that was stored until `untold` gave that number. */
  heard(id: string, told: number): Promise<void>;
  /** An engine goes on with it, here or once more; it sees all that was stored before. */
  started(id: string): Promise<void>;
  emit(id: string, event: CrewEvent): Promise<void>;
  /** Puts a question, about a result with a `ref` with all of it; the job waits with it until `decision` gives something. */
  ask(id: string, key: string, question: ApprovalQuestion): Promise<void>;
  decision(id: string, key: string): Promise<Decision | undefined>;
  wishesToCancel(id: string): Promise<boolean>;
  /** Ends a job that is to be cancelled and was never `started`; any other stays as it is. */
  cancelUnbegun(id: string): Promise<void>;
  /**
   * Ends the job, tells of it, and puts its result (or why there is none) into its thread, once. The first outcome is the one
   * that counts. Of a result with a `ref` what is kept under that key is put into the thread. `mayFinish` is called in the
   * transaction that notes the outcome, before anything is changed; when it throws, the job goes on as if nobody had asked.
   */
  finish(id: string, outcome: JobOutcome, mayFinish?: MayFinish): Promise<void>;
}

/** What tasks keep: results by key, and calls with effects before and after they happen. */
export interface TaskRecords {
  /** Gives what is kept under the key from now on: of several results the first one. */
  keep<Result>(jobId: string, key: string, result: Result): Promise<Result>;
  kept(jobId: string, key: string): Promise<unknown>;
  /**
   * Notes a call before it happens. `repeats`: how often somebody said of it, once it was cut off, that it did not happen; so
   * often it is `new` again. `args` are compared where both calls tell them.
   * @throws {AppError} CONFLICT: another tool was called under this key, or this one with other arguments.
   */
  begin(
    jobId: string,
    call: {
      readonly key: string;
      readonly tool: string;
      readonly summary: string;
      readonly repeats?: number;
      readonly args?: object;
    },
  ): Promise<EffectState>;
  /** What a call gave; of several the first one counts. */
  done(jobId: string, key: string, result: unknown): Promise<void>;
}
