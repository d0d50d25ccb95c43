import type { Principal } from "../../platform/policy/principal.ts";
import type { Scope } from "../timeline.ts";

/** A sentence that somebody said, and how long it held. */
export interface Fact {
  readonly id: string;
  readonly sentence: string;
  /** `self`, a name such as `sister`, or the stems of what it is about; empty: unknown. */
  readonly subject: string;
  readonly attribute?: string;
  readonly scope: Exclude<Scope, "public">;
  readonly teamId?: string;
  /** The principal that said it. */
  readonly owner: string;
  readonly origin: "user" | "tool";
  /** Where it was said first; absent: stated through the API. */
  readonly sourceMessageId?: string;
  readonly sourceThreadId?: string;
  readonly validFrom: string;
  /** Absent: it holds. */
  readonly validTo?: string;
  /** The fact that took its place. */
  readonly supersededBy?: string;
  /** The message that ended it. */
  readonly endedByMessageId?: string;
  readonly createdAt: string;
}

export interface FactsPage {
  /** Words to find; the best matches come first, on one page. */
  readonly query?: string;
  readonly subject?: string;
  /** What held then (ISO 8601); absent: what holds now. */
  readonly at?: string;
  readonly scope?: Fact["scope"];
  /** Whose facts; absent: of all that the principal sees. Counts without a query. */
  readonly owner?: string;
  /** The last fact of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Facts of a principal and its teams. One that the principal does not see and one that is not there are the same NOT_FOUND.
 */
export interface Facts {
  /** Newest first, or by `query` the best first. */
  list(
    principal: Principal,
    page: FactsPage,
  ): Promise<{ readonly facts: readonly Fact[]; readonly nextAfter: string | undefined }>;
  /**
   * Keeps a sentence that a person states. One that says the same as a current fact gives that one.
   * @throws {AppError} INVALID_INPUT when the team is none of the principal's, or the sentence says nothing
   */
  state(
    principal: Principal,
    fact: {
      readonly sentence: string;
      readonly subject?: string;
      readonly attribute?: string;
      readonly scope?: Fact["scope"];
      readonly teamId?: string;
    },
  ): Promise<Fact>;
  /** @throws {AppError} NOT_FOUND */
  read(principal: Principal, id: string): Promise<Fact>;
  /** The fact with what it replaced and what replaced it, oldest first. @throws {AppError} NOT_FOUND */
  history(principal: Principal, id: string): Promise<readonly Fact[]>;
  /**
   * Puts a corrected sentence in the place of a current fact, which stays in its history; it is said by who corrects.
   * @throws {AppError} NOT_FOUND; CONFLICT when it is no longer current; POLICY_DENIED for what another said of themselves or
   *   theirs, and for a sentence about oneself in the place of what another said
   */
  correct(
    principal: Principal,
    id: string,
    change: { readonly sentence: string; readonly subject?: string; readonly attribute?: string },
  ): Promise<Fact>;
  /**
   * Erases a fact and what of the same owner it replaced, at once. The messages that said it stay, and so does what another
   * stated: it holds again where the fact had ended it.
   * @throws {AppError} NOT_FOUND; POLICY_DENIED for a team's fact that another stated
   */
  remove(principal: Principal, id: string): Promise<void>;
}
