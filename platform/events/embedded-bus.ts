import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { storableJson } from "../db/storable.ts";
import { AppError, isAppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { BusEvent, EventBus, RunningConsumer } from "./event-bus.ts";
import { type FeedContext, serveConsumer } from "./serve-consumer.ts";
import { matchesSubject } from "./subject-templates.ts";

export interface EmbeddedBusDeps {
  readonly database: Database;
  readonly metrics: Pick<Metrics, "eventsConsumed">;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** How often consumers look for what other processes published; default 1 s. Own events wake them. */
  readonly idleMs?: number;
  /** How long a consumer's process that died keeps others from going on; default 10 s. */
  readonly leaseMs?: number;
}

const pageRows = 100;
/** Events that may be under way beyond the first unsettled one. */
const windowEvents = 500;

interface EventRow {
  readonly position: string | number;
  readonly id: string;
  readonly subject: string;
  readonly payload: unknown;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly created_at: Date | string;
}

const toEvent = (row: EventRow): BusEvent => ({
  id: row.id,
  subject: row.subject,
  payload: row.payload,
  aggregate: { type: row.aggregate_type, id: row.aggregate_id },
  createdAt: new Date(row.created_at).toISOString(),
});

const unavailable = (error: unknown): never => {
  if (!isAppError(error, "DATABASE_UNAVAILABLE")) throw error;
  throw new AppError("EVENTS_UNAVAILABLE", "The event bus cannot be reached.", { cause: error });
};

/** The bus in the main database's own tables. Several processes may publish; each consumer is served by one of them. */
export const createEmbeddedBus = (deps: EmbeddedBusDeps): EventBus => {
  const { database, metrics, logger, idleMs = 1_000, leaseMs = 10_000 } = deps;
  const running = new Set<RunningConsumer>();
  const sleepers = new Set<() => void>();

  const wake = (): void => {
    for (const waking of sleepers) waking();
  };
  /** Until something is published here, but no longer than the idle time. */
  const idle = async (signal: AbortSignal): Promise<void> => {
    const woken = new AbortController();
    const waking = () => woken.abort();
    sleepers.add(waking);
    await delay(idleMs, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined);
    sleepers.delete(waking);
  };

  const feed = async (
    subjects: readonly string[],
    { lanes, position, advance, signal }: FeedContext,
  ): Promise<void> => {
    const underWay: { readonly position: number; settled: boolean }[] = [];
    const settling = new Set<Promise<void>>();
    let read = position;
    const move = (): void => {
      while (underWay[0]?.settled) underWay.shift();
      advance((underWay[0]?.position ?? read + 1) - 1);
    };
    const take = (row: EventRow): void => {
      read = Number(row.position);
      if (!subjects.some((pattern) => matchesSubject(pattern, row.subject))) return;
      const entry = { position: read, settled: false };
      underWay.push(entry);
      const settled = lanes.take(toEvent(row)).then(
        () => {
          entry.settled = true;
          move();
        },
        (error: unknown) => {
          // What could not be settled comes again from the position, so nothing behind it counts.
          if (!signal.aborted) failure.reject(error);
        },
      );
      settling.add(settled);
      void settled.finally(() => settling.delete(settled));
    };
    const failure = Promise.withResolvers<never>();
    failure.promise.catch(() => undefined);

    while (!signal.aborted) {
      if (underWay.length >= windowEvents) {
        await Promise.race([...settling, failure.promise]);
        continue;
      }
      const rows = await database.query<EventRow>(
        `select position, id, subject, payload, aggregate_type, aggregate_id, created_at from bus_events
         where position > $1 order by position limit ${pageRows}`,
        [read],
        "bus_events_after",
      );
      rows.forEach(take);
      move();
      if (rows.length < pageRows) await Promise.race([idle(signal), failure.promise]);
    }
    await Promise.all(settling);
  };

  return {
    kind: "embedded",
    async publish(events) {
      if (events.length === 0) return;
      await database
        .query("select bus_publish($1::jsonb)", [JSON.stringify(storableJson(events))], "bus_publish")
        .catch(unavailable);
      wake();
    },
    async consume(options) {
      const consumer = serveConsumer({
        database,
        metrics,
        logger,
        options,
        leaseMs,
        idleMs,
        feed: (context) => feed(options.subjects, context),
      });
      running.add(consumer);
      return {
        stop() {
          running.delete(consumer);
          return consumer.stop();
        },
      };
    },
    ping: () => database.ping().catch(unavailable),
    async close() {
      await Promise.all([...running].map((consumer) => consumer.stop()));
    },
  };
};
