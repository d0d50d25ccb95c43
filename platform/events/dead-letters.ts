import type { Database } from "../db/database.ts";
import type { FailedAttempt } from "./consumer-store.ts";
import type { BusEvent } from "./event-bus.ts";
import { relayName } from "./outbox-store.ts";
import { subjectPatternToRegex } from "./subject-templates.ts";

export type DeadLetterStatus = "waiting" | "retried" | "dropped";

/** An event that a consumer, or the bus itself (consumer `relay`), could not take. */
export interface StoredDeadLetter {
  readonly id: number;
  readonly consumer: string;
  readonly subject: string;
  readonly event: BusEvent;
  readonly error: string;
  readonly history: readonly FailedAttempt[];
  readonly status: DeadLetterStatus;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface DeadLetterFilter {
  readonly consumer?: string | undefined;
  /** With NATS' wildcards. */
  readonly subject?: string | undefined;
  readonly status?: DeadLetterStatus | undefined;
  readonly limit?: number | undefined;
}

export interface DeadLetters {
  /** Newest first; waiting ones, at most 100, unless the filter says otherwise. */
  list(filter?: DeadLetterFilter): Promise<StoredDeadLetter[]>;
  show(id: number): Promise<StoredDeadLetter | undefined>;
  /** Gives waiting ones to their consumers again, with all attempts anew; how many there were. */
  retry(ids: readonly number[]): Promise<number>;
  /** Gives waiting ones up; how many there were. */
  drop(ids: readonly number[]): Promise<number>;
}

interface Row extends Omit<StoredDeadLetter, "id" | "createdAt"> {
  readonly id: string | number;
  readonly created_at: Date | string;
}

const columns = "id, consumer, subject, event, error, history, status, created_at";
const toLetter = ({ id, created_at, ...row }: Row): StoredDeadLetter => ({
  ...row,
  id: Number(id),
  createdAt: new Date(created_at).toISOString(),
});

/** What to do with dead letters. */
export const createDeadLetters = (database: Database): DeadLetters => ({
  async list({ consumer, subject, status = "waiting", limit = 100 } = {}) {
    const rows = await database.query<Row>(
      `select ${columns} from dead_letters
       where status = $1 and ($2::text is null or consumer = $2) and ($3::text is null or subject ~ $3)
       order by id desc limit $4`,
      [status, consumer ?? null, subject === undefined ? null : subjectPatternToRegex(subject), limit],
    );
    return rows.map(toLetter);
  },
  async show(id) {
    const [row] = await database.query<Row>(`select ${columns} from dead_letters where id = $1`, [id]);
    return row && toLetter(row);
  },
  async retry(ids) {
    const rows = await database.query(
      `with letter as (
         update dead_letters set status = 'retried', changed_at = now()
         where id = any($1::bigint[]) and status = 'waiting' returning *
       ), again as (
         insert into event_retries (consumer, event_id, event, aggregate)
         select consumer, event_id, event, concat(event -> 'aggregate' ->> 'type', e'\\n', event -> 'aggregate' ->> 'id')
         from letter where consumer <> $2 order by id
         on conflict (consumer, event_id) do nothing
       ), publish as (
         update outbox o set status = 'pending', attempts = 0, claimed_until = null
         from letter l where l.consumer = $2 and o.id::text = l.event_id and o.status = 'failed'
       )
       select id from letter`,
      [ids, relayName],
    );
    return rows.length;
  },
  async drop(ids) {
    const rows = await database.query(
      `update dead_letters set status = 'dropped', changed_at = now()
       where id = any($1::bigint[]) and status = 'waiting' returning id`,
      [ids],
    );
    return rows.length;
  },
});
