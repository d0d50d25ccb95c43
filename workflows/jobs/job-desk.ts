import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { Crew } from "../crews/crew.ts";
import type { Bounds } from "../crews/lower-limits.ts";
import type { Job } from "./job.ts";
import type { Jobs } from "./job-store.ts";

export interface StartJob {
  readonly principal: Principal;
  /** A crew of the registry by its id, or one that is in no registry. */
  readonly crew: string | Crew;
  readonly input: Readonly<Record<string, unknown>>;
  /** The same key of the same principal is the same job. */
  readonly idempotencyKey?: string;
  /** The conversation that the result goes into; a fresh one without it. */
  readonly threadId?: string;
  /** Asked for again under the same key it is the same job, whatever conversation it is asked in then. */
  readonly anyThread?: boolean;
  /** The same whatever its input is: parts of that are gathered anew each time. */
  readonly anyInput?: boolean;
  /** `confidential` turns the conversation so; the job of a confidential conversation is confidential anyhow. */
  readonly mode?: Mode;
  /** IANA name of the zone in which periods of the input are meant; absent: the installation's. */
  readonly timezone?: string;
  /** Beside the crew's own limits: the lower one holds. */
  readonly limits?: Bounds;
}

/** Where long jobs are asked for. Another's job is as one that is not there. */
export interface JobDesk extends Pick<Jobs, "get" | "list" | "events"> {
  /**
   * Checks everything that can be known before, stores the job and has the engine begin it; the answer does not wait for that.
   * @throws {AppError} INVALID_INPUT naming the field: no such crew, one that cannot run, an input that does not fit, `principal`
   * of one request alone;
   * NOT_FOUND, POLICY_DENIED, CONFLICT: the conversation; RATE_LIMITED, IDEMPOTENCY_MISMATCH: see `Jobs.create`
   */
  start(request: StartJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Whether the principal has a job under that key. @throws {AppError} DATABASE_UNAVAILABLE (retryable) */
  isBegun(principal: string, idempotencyKey: string): Promise<boolean>;
  /** Stores the answer, then tells the engine. @throws {AppError} CONFLICT, see `Jobs.decide` */
  decide: Jobs["decide"];
  cancel: Jobs["cancel"];
  /** Has the engine begin a job that is stored, if it is; false when it is not. */
  begin(jobId: string): Promise<boolean>;
  /** Hears when there is something new to see of a job, until the result is called; a note may be lost. */
  watch(jobId: string, hear: () => void): () => void;
}
