import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { raiseAlert, resolveAlert } from "./alerts.ts";

export interface DeadLetterWatch {
  /** Dead letters of one consumer that raise an alert, and each so many more. */
  readonly every: number;
}

interface Counted {
  readonly consumer: string;
  readonly waiting: number;
  /** Of the alert that is open; 0: none is. */
  readonly level: number;
}

const source = "events";
const prefix = "dead-letters:";

// Dead letters about alerts raise none: that would go round for ever.
const counted = `
  with waiting as (
    select consumer, count(*)::integer as waiting from dead_letters
    where status = 'waiting' and subject not like 'ops.alert.%' group by consumer
  ), open as (
    select substr(id, length($1) + 1) as consumer, level from open_alerts where id like $1 || '%'
  )
  select consumer, coalesce(waiting, 0) as waiting, coalesce(level, 0) as level from waiting full join open using (consumer)`;

/**
 * Looks once: a consumer whose dead letters have reached another multiple of `every` raises `ops.alert.warning` (`alert_id` is
 * `dead-letters:` and its name); one that has none any more resolves it. Several processes may look at once.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const checkDeadLetters = async (database: Database, { every }: DeadLetterWatch): Promise<void> => {
  for (const { consumer, waiting, level } of await database.query<Counted>(counted, [prefix], "dead_letters_counted")) {
    const id = `${prefix}${consumer}`;
    const reached = Math.floor(waiting / every);
    if (waiting === 0) await database.transaction((connection) => resolveAlert(connection, id));
    else if (reached > level) {
      await database.transaction((connection) =>
        raiseAlert(connection, { id, severity: "warning", source, level: reached }),
      );
    }
  }
};

/** Looks every ten seconds. */
export const startWatchingDeadLetters = (
  database: Database,
  {
    logger,
    everyMs = 10_000,
    ...watch
  }: DeadLetterWatch & { readonly logger: Pick<Logger, "warn">; readonly everyMs?: number },
): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    for (;;) {
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await checkDeadLetters(database, watch).catch((error: unknown) =>
        logger.warn({ err: error }, "dead letters could not be counted; they will be in a moment"),
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
