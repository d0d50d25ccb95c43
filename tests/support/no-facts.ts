import type { Facts } from "../../atlas/facts/facts.ts";
import { AppError } from "../../platform/errors/app-error.ts";

const missing = async (): Promise<never> => {
  throw new AppError("NOT_FOUND", "There is no such fact.");
};

/** Knows no fact and keeps none: for edges whose tests are about other routes. */
export const createNoFacts = (): Facts => ({
  list: async () => ({ facts: [], nextAfter: undefined }),
  state: missing,
  read: missing,
  history: missing,
  correct: missing,
  remove: missing,
});
