import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";

export interface HoldLeadershipOptions {
  readonly database: Database;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Ends the wait, and leading. */
  readonly signal: AbortSignal;
  /** Leads until the signal aborts: the process stops, or another one may lead now. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** How often who does not lead tries to, and the leader looks whether it still does. */
  readonly everyMs?: number;
}

/** Any number that nothing else locks. */
const lockId = 4_710_271_968;
/** Longest wait for the database's word that the lock is still held. */
const answerMs = 10_000;

/**
 * Leads whenever no other process does. The lock is an advisory one of a transaction that stands open: it is free at the moment
 * at which its process dies, and the server's limit for idle transactions ends it when the machine is gone. An open transaction
 * that reads nothing keeps no old rows alive. The embedded database belongs to one process, which leads.
 */
export const holdLeadership = async (options: HoldLeadershipOptions): Promise<void> => {
  const { database, logger, signal, lead, everyMs = 2_000 } = options;
  if (database.kind === "embedded") return lead(signal);

  let failing = false;
  const stillHeld = async (connection: Queryable): Promise<void> => {
    const late = delay(answerMs, undefined, { ref: false }).then(() => {
      throw new Error("the database does not say whether the lock is held");
    });
    late.catch(() => undefined);
    await Promise.race([connection.query("select 1"), late]);
  };
  const underLock = async (connection: Queryable): Promise<void> => {
    const [lock] = await connection.query<{ held: boolean }>("select pg_try_advisory_xact_lock($1) as held", [lockId]);
    if (failing) logger.info("the database says again who leads the schedules");
    failing = false;
    if (!lock?.held) return;
    const over = new AbortController();
    const leading = lead(AbortSignal.any([signal, over.signal])).finally(() => over.abort());
    leading.catch(() => undefined);
    try {
      while (!signal.aborted && !over.signal.aborted) {
        await delay(everyMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => undefined);
        if (!signal.aborted) await stillHeld(connection);
      }
    } finally {
      over.abort();
      await leading;
    }
  };

  while (!signal.aborted) {
    // Away, or ended by the server: it is tried again like a lock that another holds.
    await database.transaction(underLock).catch((error: unknown) => {
      if (!failing && !signal.aborted) logger.warn({ err: error }, "the database does not say who leads the schedules");
      failing = true;
    });
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
};
