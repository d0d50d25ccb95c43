import type { Queryable } from "../../platform/db/database.ts";
import { mayBeIndexed, type PlaintextRule } from "../follow/plaintext-rule.ts";
import type { SummarySource } from "./extract-summary.ts";

/** A long thread that has no summary, or has grown since. */
export interface LongThread {
  readonly id: string;
  readonly lastPosition: number;
  /** Edits and deletions that it has: with another number, what was read of it is out of date. */
  readonly revisions: number;
}

/** A long thread with what is to be summed up of it, in order. */
export interface ReadThread extends LongThread {
  readonly firstPosition: number;
  readonly messages: readonly SummarySource[];
}

export interface LongThreadsAsk {
  /** A summary is an index of its thread: what may not be indexed in clear has none. */
  readonly rule: PlaintextRule;
  /** The last thread of the page before; undefined: from the start. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Messages of a thread that is long enough; default 20. */
  readonly leastMessages?: number | undefined;
  /** Summaries without a vector of this model are asked for too; one of another model stays for a day. */
  readonly embeddingModel?: string | undefined;
}

export interface LongThreads {
  readonly threads: readonly LongThread[];
  /** Where the next page begins; undefined: there is none. */
  readonly next: string | undefined;
}

/** Of a longer thread these are summed up, its newest. */
const mostMessages = 2_000;
const mostCharacters = 20_000;
const mostText = 1_000_000;
/** A summary is made again when so many messages came after it, or a tenth of those it covers. */
const grownBy = 10;
const first = "00000000-0000-0000-0000-000000000000";

const behind = `
  select t.id, t.scope_key, c.indexed, t.last_position,
    (select count(*)::integer from message_revisions r where r.thread_id = t.id) as revisions
  from threads t join channels c on c.id = t.channel_id left join thread_summaries s on s.thread_id = t.id
  where t.id > $1 and t.mode = 'open' and t.last_position >= $2
    and (s.thread_id is null or t.last_position - s.last_position >= greatest(${grownBy}, s.last_position / 10)
      or ($4::text is not null and (s.embedding_model is null
        or (s.embedding_model <> $4 and s.created_at < now() - interval '1 day'))))
  order by t.id limit $3`;

// Read with the thread's mode in one statement: what turned confidential meanwhile gives nothing.
const texts = `
  select id, role, content, position from (
    select m.id, m.role, m.position, left(m.content, ${mostCharacters}) as content,
      sum(least(length(m.content), ${mostCharacters})) over (order by m.position desc) as read
    from current_messages m join threads t on t.id = m.thread_id
    where m.thread_id = $1 and t.mode = 'open' and m.position between $2 and $3 and m.content <> ''
      and m.role in ('user', 'assistant', 'agent')
  ) newest where read <= ${mostText} order by position`;

interface Row {
  readonly id: string;
  readonly scope_key: string;
  readonly indexed: boolean;
  readonly last_position: number;
  readonly revisions: number;
}

/** The long open threads that wait for a summary, in order of their ids. @throws {AppError} DATABASE_UNAVAILABLE */
export const findLongThreads = async (
  database: Queryable,
  { rule, after = first, limit, leastMessages = 20, embeddingModel }: LongThreadsAsk,
): Promise<LongThreads> => {
  const rows = await database.query<Row>(
    behind,
    [after, leastMessages, limit, embeddingModel ?? null],
    "summaries_behind",
  );
  return {
    threads: rows
      .filter(({ scope_key, indexed }) => mayBeIndexed(rule, scope_key, indexed))
      .map(({ id, last_position, revisions }) => ({ id, lastPosition: last_position, revisions })),
    next: rows.length < limit ? undefined : rows.at(-1)?.id,
  };
};

/** What people and agents said in a thread: its newest messages, within about a million characters. */
export const readLongThread = async (database: Queryable, thread: LongThread): Promise<ReadThread> => {
  const from = Math.max(1, thread.lastPosition - mostMessages + 1);
  const rows = await database.query<SummarySource & { readonly position: number }>(
    texts,
    [thread.id, from, thread.lastPosition],
    "summaries_texts",
  );
  return {
    ...thread,
    firstPosition: rows[0]?.position ?? from,
    messages: rows.map(({ id, role, content }) => ({ id, role, content })),
  };
};
