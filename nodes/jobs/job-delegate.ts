import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";

/** A field of a crew's input, as far as one must know it to fill it from what a user says. */
export interface CrewField {
  readonly name: string;
  /** `other`: nothing that words could fill. */
  readonly kind: "text" | "period" | "other";
  readonly isRequired: boolean;
}

export interface DelegatedJob {
  readonly principal: Principal;
  readonly crew: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The conversation that the result goes into. */
  readonly threadId: string;
  readonly mode: Mode;
  /** IANA name of the user's zone, in which periods are meant. */
  readonly timezone: string;
  /** The same key of the same principal is the same job. */
  readonly idempotencyKey: string;
  /** Also with another input: what it holds beside the question is gathered anew each time. */
  readonly anyInput?: boolean;
}

/** Narrow view of where long jobs are asked for. */
export interface JobDelegate {
  /** What a crew's input is made of; undefined: there is no such crew, or it is switched off. */
  fieldsOf(crew: string): readonly CrewField[] | undefined;
  /** Whether the principal has a job under that key. @throws {AppError} DATABASE_UNAVAILABLE (retryable) */
  isBegun(principal: Principal, idempotencyKey: string): Promise<boolean>;
  /**
   * Stores the job; it is begun without waiting for it. A key that is known gives the job that is there, with its conversation.
   * @throws {AppError} RATE_LIMITED, INVALID_INPUT, CONFLICT, NOT_FOUND, IDEMPOTENCY_MISMATCH; DATABASE_UNAVAILABLE (retryable)
   */
  start(job: DelegatedJob): Promise<{ readonly id: string; readonly threadId: string }>;
}
