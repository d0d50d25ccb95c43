import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../platform/db/database.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import type { LongThreadsAsk } from "../summaries/long-threads.ts";
import { type DeepLag, noteReader, readDeepLags } from "./deep-readers.ts";
import { type LongThreadsPage, readLongThreadsPage } from "./long-threads-page.ts";
import { readSyncPage } from "./read-sync-page.ts";
import { type StoredSummaries, storeSummaries } from "./store-summaries.ts";
import type { SyncPage } from "./sync-page.ts";
import type { ThreadSummary } from "./thread-summary.ts";

export interface Pull {
  /** Which core asks. */
  readonly reader: string;
  /** The cursor of the last page that it holds for good; undefined: it holds nothing. */
  readonly after?: string;
  readonly limit: number;
  /** How long an empty answer may be waited with. */
  readonly waitMs: number;
  /** Nobody waits any more, or the process stops. */
  readonly ended: () => boolean;
}

/** What a deep core asks of this engine. */
export interface DeepEdge {
  /** The next changes; a pull acknowledges everything before its cursor. @throws {AppError} DATABASE_UNAVAILABLE */
  pull(pull: Pull): Promise<SyncPage>;
  keep(summaries: readonly ThreadSummary[]): Promise<StoredSummaries>;
  /** Long threads that wait for a summary, or whose summary has no vector of a model. */
  longThreads(ask: Omit<LongThreadsAsk, "rule">): Promise<LongThreadsPage>;
  lag(reader: string): Promise<DeepLag>;
  /** Of every core that is expected to come; one that is behind by everything where none ever came. */
  lags(): Promise<readonly DeepLag[]>;
}

/** Between two looks while a pull waits: changes of other processes come without a hint. */
const lookMs = 500;

/** The side of the main database that a deep core talks to. */
export const createDeepEdge = ({
  database,
  rule,
}: {
  readonly database: Database;
  readonly rule: PlaintextRule;
}): DeepEdge => ({
  async pull({ reader, after, limit, waitMs, ended }) {
    const until = performance.now() + waitMs;
    const ask = { limit, rule, ...(after === undefined ? {} : { after }) };
    await noteReader(database, reader, after);
    for (;;) {
      const page = await readSyncPage(database, ask);
      if (page.changes.length > 0 || page.reset || performance.now() >= until || ended()) return page;
      await delay(Math.min(lookMs, Math.max(1, until - performance.now())));
    }
  },
  keep: (summaries) => storeSummaries(database, summaries, rule),
  longThreads: (ask) => readLongThreadsPage(database, { ...ask, rule }),
  async lag(reader) {
    const [lag] = await readDeepLags(database, reader);
    return lag;
  },
  lags: () => readDeepLags(database),
});
