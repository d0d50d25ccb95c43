import { AppError } from "../errors/app-error.ts";
import type { DeadLetterFilter, DeadLetters } from "./dead-letters.ts";

export interface WhichLetters extends Pick<DeadLetterFilter, "consumer" | "subject"> {
  readonly ids?: readonly number[] | undefined;
  /** All that wait and fit the filter, instead of the ones named. */
  readonly all?: boolean | undefined;
}

/** Most dead letters that are settled at once. */
export const mostLetters = 10_000;

/**
 * Retries or drops dead letters that wait; how many there were.
 * @throws {AppError} INVALID_INPUT unless either numbers are given or all are meant.
 */
export const settleDeadLetters = async (
  letters: DeadLetters,
  action: "retry" | "drop",
  { ids = [], all = false, ...filter }: WhichLetters,
): Promise<number> => {
  if (all === ids.length > 0) {
    throw new AppError("INVALID_INPUT", "Say which dead letters are meant: their numbers, or all.", { field: "ids" });
  }
  return letters[action](all ? (await letters.list({ ...filter, limit: mostLetters })).map(({ id }) => id) : ids);
};
