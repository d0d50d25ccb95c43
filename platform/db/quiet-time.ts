import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "./database.ts";

/** When nobody who waits for an answer needs the database. */
export interface QuietTime {
  /** The same database, whose statements count as somebody's who waits. */
  watch<Watched extends Database>(database: Watched): Watched;
  /**
   * The same database for work behind the scenes: its transactions begin once nothing was asked for a moment, at the latest
   * after a second or two. Such work is late, never left.
   */
  yieldTo<Yielding extends Database>(database: Yielding): Yielding;
}

/** Longer than a query thinks between two statements, unless it waits for a model. */
const quietMs = 40;
/**
 * Longest wait, so that indexes keep up with what is said without a pause. In the embedded database all share one session, and
 * who waits feels each step more.
 */
const longestMs = { embedded: 2_000, external: 1_000 } as const;

export const createQuietTime = (): QuietTime => {
  let underWay = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  const during = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
      lastAt = performance.now();
    }
  };
  const wait = async (mostMs: number): Promise<void> => {
    const startedAt = performance.now();
    for (;;) {
      const now = performance.now();
      const restMs = underWay > 0 ? quietMs : quietMs - (now - lastAt);
      if (restMs <= 0 || now - startedAt >= mostMs) return;
      await delay(restMs, undefined, { ref: false });
    }
  };
  return {
    watch: (database) => ({
      ...database,
      query: (sql, values, name) => during(() => database.query(sql, values, name)),
      // Its statements, not all of it: a leader's lock is a transaction that stands open for days.
      transaction: (work) =>
        database.transaction((connection) =>
          work({
            ...connection,
            query: (sql, values, name) => during(() => connection.query(sql, values, name)),
          }),
        ),
    }),
    yieldTo: (database) => ({
      ...database,
      async transaction(work) {
        await wait(longestMs[database.kind]);
        return database.transaction(work);
      },
    }),
  };
};
