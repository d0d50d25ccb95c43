import type { z } from "zod";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";

/** What belongs to one query and travels with each call. */
export interface ServiceContext {
  readonly signal: AbortSignal;
  /** BCP 47 (`en`, `pl`). */
  readonly locale: string;
  /** IANA zone of the user. */
  readonly timezone: string;
  readonly now: Date;
  readonly permit: EgressPermit;
}

/** Evidence without the id, which the graph assigns. */
export type FoundEvidence = Omit<Evidence, "id">;

export interface ServiceAnswer {
  readonly evidence: readonly FoundEvidence[];
  /** Providers that were tried and did not answer although another did, and choices made for the user. */
  readonly degraded: readonly Degraded[];
}

/**
 * A domain service: answers slots with evidence and can say its evidence in words. In process, or its own HTTP server.
 *
 * `query` throws {AppError} UPSTREAM_UNAVAILABLE (retryable) when no provider answered, NOT_FOUND when what was asked does
 * not exist, INVALID_INPUT naming the missing or ambiguous slot, EGRESS_BLOCKED when the query's class forbids the call,
 * NOT_CONFIGURED naming the setting when no provider is set. Messages are sentences for the user, in `context.locale` (en, pl).
 */
export interface RagService<Slots = Record<string, unknown>> {
  readonly id: string;
  readonly intents: readonly string[];
  readonly slots: z.ZodType<Slots>;
  /** Names of the providers in the order in which they are tried, for `/health` and docs. */
  readonly providers: readonly string[];
  query(slots: Slots, context: ServiceContext): Promise<ServiceAnswer>;
  /** Facts to sentences. Pure; ends with the observation time where facts age. */
  render(evidence: readonly FoundEvidence[], locale: string, timezone: string): string;
}
