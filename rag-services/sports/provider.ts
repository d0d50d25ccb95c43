import type { ServiceContext } from "../rag-service.ts";
import type { SportsFound, SportsQuestion } from "./match.ts";

/** A source of matches and tables. */
export interface SportsProvider {
  readonly name: string;
  /** Where a reader finds the source when a match has no page of its own. */
  readonly sourceUrl: string;
  covers(question: SportsQuestion): boolean;
  /**
   * Matches around the asked time, in no order, and tables where asked for.
   * @throws {AppError} NOT_FOUND for a team or table that it does not have; UPSTREAM_UNAVAILABLE.
   */
  answer(question: SportsQuestion, context: ServiceContext): Promise<SportsFound>;
}
