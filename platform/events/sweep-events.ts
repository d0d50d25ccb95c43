import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";

/** Rows of one statement; between two, others get at the database. */
const batchRows = 500;
const breathMs = 20;
const everyMs = 3_600_000;

const oldRows = (table: string, key: string, condition: string): string =>
  `with old as (select ctid from ${table} where ${condition} limit ${batchRows})
   delete from ${table} where ctid in (select ctid from old) returning ${key}`;

const sweeps: readonly string[] = [
  oldRows("outbox", "id", "status = 'published' and published_at < now() - $1 * interval '1 ms'"),
  // What a consumer that is still there has not read is kept.
  oldRows(
    "bus_events",
    "id",
    `stored_at < now() - $1 * interval '1 ms' and position <= coalesce(
       (select min(position) from event_consumers where lease_until > now() - $1 * interval '1 ms'), 9223372036854775807)`,
  ),
  // Twice as long, because an event can be published again until it leaves.
  oldRows("processed_events", "event_id", "processed_at < now() - 2 * $1 * interval '1 ms'"),
  oldRows("dead_letters", "id", "status <> 'waiting' and changed_at < now() - $1 * interval '1 ms'"),
];

/** Deletes events that were published, and what is known of them, after their time; in small steps. */
export const sweepEvents = async (
  database: Database,
  { retentionMs, signal }: { readonly retentionMs: number; readonly signal?: AbortSignal },
): Promise<void> => {
  for (const sweep of sweeps) {
    for (let rows = batchRows; rows === batchRows && !signal?.aborted; ) {
      rows = (await database.query(sweep, [retentionMs])).length;
      if (rows === batchRows) await delay(breathMs);
    }
  }
};

/** Sweeps once an hour, the first time a minute after the start. */
export const startSweeping = (
  database: Database,
  { retentionMs, logger }: { readonly retentionMs: number; readonly logger: Pick<Logger, "warn"> },
): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    for (let pauseMs = 60_000; ; pauseMs = everyMs) {
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await sweepEvents(database, { retentionMs, signal }).catch((error: unknown) =>
        logger.warn({ err: error }, "old events could not be removed; the next sweep will"),
      );
    }
  })();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
};
