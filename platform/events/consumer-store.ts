import type { Database, Queryable } from "../db/database.ts";
import { storableJson, storableText } from "../db/storable.ts";
import type { BusEvent } from "./event-bus.ts";
import { publish } from "./outbox.ts";

/** One attempt that failed. */
export interface FailedAttempt {
  readonly attempt: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly error: string;
}

/** An event that waits for another attempt. */
export interface WaitingEvent {
  readonly event: BusEvent;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly history: readonly FailedAttempt[];
  readonly due: boolean;
}

export interface DeadLetter {
  readonly event: BusEvent;
  readonly error: string;
  readonly history: readonly FailedAttempt[];
}

/** Where one consumer keeps what failed, in the main database, whatever the bus. A lane holds the events of one aggregate, in order. */
export interface ConsumerStore {
  /** Keeps an event behind those of its lane that wait already; one that is there stays as it is. */
  wait(lane: string, event: BusEvent, failed?: FailedAttempt, delayMs?: number): Promise<void>;
  /** Notes that the event has failed again. */
  failedAgain(event: BusEvent, failed: FailedAttempt, delayMs: number): Promise<void>;
  /** The first waiting event of a lane. */
  first(lane: string): Promise<WaitingEvent | undefined>;
  remove(event: BusEvent): Promise<void>;
  /** Lanes in which events wait; `due`: those whose first event may be tried now. */
  lanes(which: "all" | "due"): Promise<string[]>;
  /** Makes the event a dead letter, with an event on `dlq.{subject}`. */
  bury(letter: DeadLetter): Promise<void>;
}

const dueIn = "now() + $1 * interval '1 ms'";

/** Stores a dead letter on the caller's connection, with its event; one that died before waits again. */
export const storeDeadLetter = async (
  connection: Queryable,
  consumer: string,
  { event, error, history }: DeadLetter,
): Promise<void> => {
  const stored = storableJson(event);
  await connection.query(
    `insert into dead_letters (consumer, event_id, subject, event, error, history) values ($1, $2, $3, $4, $5, $6)
     on conflict (consumer, event_id) do update set status = 'waiting', error = excluded.error, changed_at = now(),
       history = dead_letters.history || excluded.history`,
    [consumer, stored.id, stored.subject, JSON.stringify(stored), storableText(error), JSON.stringify(history)],
  );
  // A dead letter about a dead letter would go round for ever.
  if (event.subject.startsWith("dlq.")) return;
  await publish(connection, {
    subject: "dlq.{subject}",
    tokens: { subject: stored.subject },
    payload: { consumer, event_id: stored.id, subject: stored.subject, attempts: history.length },
    aggregate: { type: "consumer", id: consumer },
  });
};

/** The store of one consumer. */
export const createConsumerStore = (database: Database, consumer: string): ConsumerStore => ({
  async wait(lane, event, failed, delayMs = 0) {
    await database.query(
      `insert into event_retries (consumer, event_id, event, aggregate, attempts, next_at, history)
       values ($2, $3, $4, $5, $6, ${dueIn}, $7) on conflict do nothing`,
      [
        delayMs,
        consumer,
        event.id,
        JSON.stringify(storableJson(event)),
        storableText(lane),
        failed?.attempt ?? 0,
        JSON.stringify(failed ? [failed] : []),
      ],
    );
  },
  async failedAgain(event, failed, delayMs) {
    await database.query(
      `update event_retries set attempts = $4, next_at = ${dueIn}, history = history || $5::jsonb
       where consumer = $2 and event_id = $3`,
      [delayMs, consumer, event.id, failed.attempt, JSON.stringify([failed])],
    );
  },
  async first(lane) {
    const [row] = await database.query<WaitingEvent>(
      `select event, attempts, history, next_at <= now() as due from event_retries
       where consumer = $1 and aggregate = $2 order by sequence limit 1`,
      [consumer, storableText(lane)],
    );
    return row;
  },
  async remove(event) {
    await database.query("delete from event_retries where consumer = $1 and event_id = $2", [consumer, event.id]);
  },
  async lanes(which) {
    const rows = await database.query<{ aggregate: string }>(
      `select aggregate from (
         select distinct on (aggregate) aggregate, next_at from event_retries where consumer = $1 order by aggregate, sequence
       ) firsts where $2 = 'all' or next_at <= now()`,
      [consumer, which],
      "event_retries_lanes",
    );
    return rows.map(({ aggregate }) => aggregate);
  },
  bury: (letter) =>
    database.transaction(async (connection) => {
      await connection.query("delete from event_retries where consumer = $1 and event_id = $2", [
        consumer,
        letter.event.id,
      ]);
      await storeDeadLetter(connection, consumer, letter);
    }),
});
