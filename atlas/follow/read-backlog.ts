import type { Queryable } from "../../platform/db/database.ts";
import { threadsBehind } from "./threads-behind.ts";

/** What a follower has not taken in yet. */
export interface Backlog {
  /** Threads that it has not followed to their end, with those that turned confidential and have not left. */
  readonly threads: number;
  readonly messages: number;
  /** Edits and deletions. */
  readonly revisions: number;
  /** Documents that are new, changed or gone. */
  readonly documents: number;
  /** Messages, revisions, chunks of documents and departures together. */
  readonly changes: number;
  /** Age of the oldest of them, as far as it is known; 0 when there are none. */
  readonly seconds: number;
}

// What is told about the past was not there before its thread.
const ofThreads = `
  select count(*)::int as threads, coalesce(sum(messages), 0)::float8 as messages, coalesce(sum(revisions), 0)::float8 as revisions,
    coalesce(sum(departures), 0)::float8 as departures, extract(epoch from now() - min(since))::float8 as seconds
  from (
    select greatest(0, t.last_position - coalesce(c.position, 0)) * is_open as messages,
      (select count(*) from message_revisions r where r.thread_id = t.id and r.sequence > coalesce(c.revisions, 0)) * is_open
        as revisions,
      1 - is_open as departures,
      least(
        (select greatest(m.created_at, t.created_at) from all_messages m
          where m.thread_id = t.id and m.position = coalesce(c.position, 0) + 1),
        (select r.created_at from message_revisions r where r.thread_id = t.id and r.sequence > coalesce(c.revisions, 0)
          order by r.sequence limit 1)) as since
    from threads t left join follower_cursors c on c.follower = $2 and c.thread_id = t.id
      cross join lateral (select (t.mode = 'open')::int as is_open) mode
    where t.id = any ($1::uuid[])
  ) behind`;

const ofDocuments = `
  select count(*)::int as documents, coalesce(sum(changes), 0)::float8 as changes,
    extract(epoch from now() - min(since))::float8 as seconds
  from (
    select d.updated_at as since, (x.document_id is not null)::int
      + (select count(*) from document_chunks k where k.document_id = d.id and d.indexed) as changes
    from documents d left join follower_documents x on x.follower = $1 and x.document_id = d.id
    where x.content_hash is distinct from d.content_hash || d.indexed::text
    union all
    select null, 1 from follower_documents x
    where x.follower = $1 and not exists (select from documents d where d.id = x.document_id)
  ) behind`;

interface ThreadsRow {
  readonly threads: number;
  readonly messages: number;
  readonly revisions: number;
  readonly departures: number;
  readonly seconds: number | null;
}

/** Counts what a follower has not taken in, page by page of threads. @throws {AppError} DATABASE_UNAVAILABLE */
export const readBacklog = async (database: Queryable, follower: string): Promise<Backlog> => {
  const [ofItsDocuments] = await database.query<{ documents: number; changes: number; seconds: number | null }>(
    ofDocuments,
    [follower],
    "backlog_documents",
  );
  let [threads, messages, revisions] = [0, 0, 0];
  const { documents = 0 } = ofItsDocuments ?? {};
  let changes = ofItsDocuments?.changes ?? 0;
  let seconds = ofItsDocuments?.seconds ?? 0;
  for await (const page of threadsBehind(database, follower)) {
    const [row] = await database.query<ThreadsRow>(ofThreads, [page, follower], "backlog_threads");
    if (row === undefined) continue;
    threads += row.threads;
    messages += row.messages;
    revisions += row.revisions;
    changes += row.messages + row.revisions + row.departures;
    seconds = Math.max(seconds, row.seconds ?? 0);
  }
  return { threads, messages, revisions, documents, changes, seconds: Math.max(0, seconds) };
};
