import type { Database } from "../db/database.ts";
import { storeDeadLetter } from "./consumer-store.ts";
import type { BusEvent } from "./event-bus.ts";
import { summariseError } from "./summarise-error.ts";

/** Whose dead letters those are that no bus would take. */
export const relayName = "relay";

export interface ClaimedEvent {
  readonly event: BusEvent;
  /** How often the bus refused it. */
  readonly attempts: number;
}

/** How much the outbox holds back. */
export interface Backlog {
  /** Counted to 10,000. */
  readonly pending: number;
  readonly oldestSeconds: number;
  readonly deadLetters: number;
}

interface OutboxRow {
  readonly id: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly event_type: string;
  readonly payload: unknown;
  readonly created_at: Date | string;
  readonly attempts: number;
}

/** What the relay does with the outbox; each call is one statement or one short transaction. */
export const createOutboxStore = (database: Database) => ({
  /** The oldest pending events that nobody else publishes and that are next in their aggregates; ours until the lease ends. */
  async claim(limit: number, leaseMs: number): Promise<ClaimedEvent[]> {
    const rows = await database.query<OutboxRow>(
      `select id, aggregate_type, aggregate_id, event_type, payload, created_at, attempts from outbox_claim($1, $2)`,
      [limit, leaseMs],
      "outbox_claim",
    );
    return rows.map(({ attempts, ...row }) => ({
      attempts,
      event: {
        id: row.id,
        subject: row.event_type,
        payload: row.payload,
        aggregate: { type: row.aggregate_type, id: row.aggregate_id },
        createdAt: new Date(row.created_at).toISOString(),
      },
    }));
  },

  async markPublished(events: readonly BusEvent[]): Promise<void> {
    await database.query(
      `update outbox set status = 'published', published_at = now(), claimed_until = null
       where id = any($1::uuid[]) and status = 'pending'`,
      [events.map(({ id }) => id)],
      "outbox_published",
    );
  },

  /** Gives claimed events back, to be claimed at once. */
  async giveBack(events: readonly BusEvent[]): Promise<void> {
    await database.query(
      "update outbox set claimed_until = null where id = any($1::uuid[]) and status = 'pending'",
      [events.map(({ id }) => id)],
      "outbox_give_back",
    );
  },

  /** The bus refused this event: it waits, and its aggregate with it. */
  async postpone({ id }: BusEvent, delayMs: number): Promise<void> {
    await database.query(
      `update outbox set attempts = attempts + 1, claimed_until = now() + $2 * interval '1 ms'
       where id = $1 and status = 'pending'`,
      [id, delayMs],
    );
  },

  /** The bus refused this event for good: it becomes a dead letter and its aggregate goes on. */
  bury: (event: BusEvent, attempts: number, error: unknown): Promise<void> =>
    database.transaction(async (connection) => {
      const summary = summariseError(error);
      await connection.query(
        "update outbox set status = 'failed', attempts = $2, claimed_until = null where id = $1 and status = 'pending'",
        [event.id, attempts],
      );
      await storeDeadLetter(connection, relayName, {
        event,
        error: summary,
        history: [{ attempt: attempts, at: new Date().toISOString(), error: summary }],
      });
    }),

  async backlog(): Promise<Backlog> {
    const [row] = await database.query<Backlog>(
      `select count(*)::integer as pending,
         coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds",
         (select count(*)::integer from (select from dead_letters where status = 'waiting' limit 10000) letters) as "deadLetters"
       from (select created_at from outbox where status = 'pending' order by sequence limit 10000) oldest`,
      [],
      "outbox_backlog",
    );
    return row!;
  },
});

export type OutboxStore = ReturnType<typeof createOutboxStore>;
