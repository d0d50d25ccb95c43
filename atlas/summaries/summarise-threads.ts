import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../platform/db/database.ts";
import { storeSummaries } from "../deep/store-summaries.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { findLongThreads, readLongThread } from "./long-threads.ts";
import { type SummariseThreadDeps, summariseThread } from "./summarise-thread.ts";

export interface SummariseThreadsDeps extends SummariseThreadDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  /** Messages of a thread that is long enough to be summed up; default 20. */
  readonly leastMessages?: number;
}

export interface SummarisedThreads {
  readonly threads: number;
  /** Of those, written by the model. */
  readonly written: number;
  /** Changed, or turned confidential, meanwhile: the next run comes back to them. */
  readonly refused: number;
}

const pageThreads = 20;

/**
 * Sums up the long open threads that have no summary yet, or have grown since; what a core sent and still holds stays. What is
 * stored already is not made again, so that a run that was cut off goes on where it was.
 * @throws {AppError} DATABASE_UNAVAILABLE; the signal's reason.
 */
export const summariseThreads = async (
  { database, rule, leastMessages, ...how }: SummariseThreadsDeps,
  signal: AbortSignal,
): Promise<SummarisedThreads> => {
  let [threads, written, refused] = [0, 0, 0];
  let after: string | undefined;
  do {
    const page = await findLongThreads(database, { rule, after, limit: pageThreads, leastMessages });
    for (const thread of page.threads) {
      signal.throwIfAborted();
      const summary = await summariseThread(await readLongThread(database, thread), how, signal);
      if (!summary) continue;
      const outcome = await storeSummaries(database, [summary], rule);
      threads += outcome.stored.length;
      refused += outcome.refused.length;
      if (summary.model) written += outcome.stored.length;
      // Whoever waits for the database or this process comes first.
      await delay(0);
    }
    after = page.next;
  } while (after !== undefined);
  return { threads, written, refused };
};
