import type { Queryable } from "../../platform/db/database.ts";
import type { ChangedMessage } from "./changes.ts";
import { mayBeIndexed, type PlaintextRule } from "./plaintext-rule.ts";

interface Row {
  readonly id: string;
  readonly thread_id: string;
  readonly channel_id: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly scope_key: string;
  readonly created_at: string | Date;
  readonly meta: Record<string, unknown>;
  readonly content: string | null;
  readonly indexed: boolean;
}

interface RevisedRow extends Row {
  readonly revision_sequence: string | number;
  readonly superseded: boolean;
}

/** How far a follower is in a thread, and how far the thread is. */
export interface ThreadState {
  readonly thread_id: string;
  readonly mode: "open" | "confidential";
  /** The thread's newest edit or deletion, and the newest that was followed; 0: none. */
  readonly revisions: number;
  readonly known: number;
  readonly position: number;
  readonly last_position: number;
  readonly holds_items: boolean;
}

export interface ReadThreads {
  readonly messages: readonly ChangedMessage[];
  /** Threads that turned confidential since they were followed. */
  readonly closed: readonly string[];
  readonly states: readonly ThreadState[];
  /** The last position and the last revision that were read, by thread. */
  readonly reached: ReadonlyMap<string, number>;
  readonly revised: ReadonlyMap<string, number>;
}

export interface ReadLimits {
  /** Messages, and about how many characters, that one step takes; as many edits and deletions again. */
  readonly mostMessages: number;
  readonly mostText: number;
}

const present = `m.id, m.thread_id, t.channel_id, m.position, m.role, m.author, m.scope_key, m.created_at, m.meta, ch.indexed,
  case when m.revision_kind = 'tombstone' then null else m.content end as content`;

// Positions commit in order, because the thread's row is locked while they are assigned: what is seen here is what there will
// ever be up to the last one. The first one always comes, however long it is.
const unread = `
  select * from (
    select ${present}, sum(coalesce(length(m.content), 0)) over (order by m.thread_id, m.position) as read,
      row_number() over (order by m.thread_id, m.position) as n
    from threads t join channels ch on ch.id = t.channel_id cross join lateral (
      select * from current_messages x where x.thread_id = t.id and x.position > coalesce(
        (select c.position from follower_cursors c where c.follower = $4 and c.thread_id = t.id), 0)
      order by x.position limit $2
    ) m
    where t.id = any ($1::uuid[]) and t.mode = 'open'
  ) texts where n = 1 or (n <= $2 and read <= $3)
  order by thread_id, position`;

// Each edit or deletion since the last one that was followed, in order; only the newest one of a message brings its text.
const revised = `
  select * from (
    select ${present}, revision_sequence, superseded,
      sum(case when superseded then 0 else coalesce(length(m.content), 0) end) over (order by m.thread_id, revision_sequence) as read,
      row_number() over (order by m.thread_id, revision_sequence) as n
    from threads t join channels ch on ch.id = t.channel_id cross join lateral (
      select r.sequence as revision_sequence, r.message_id, r.revision as told from message_revisions r
      where r.thread_id = t.id and r.sequence > coalesce(
        (select c.revisions from follower_cursors c where c.follower = $4 and c.thread_id = t.id), 0)
      order by r.sequence limit $2
    ) r cross join lateral (
      select x.*, x.revision > r.told as superseded from current_messages x where x.id = r.message_id limit 1
    ) m
    where t.id = any ($1::uuid[]) and t.mode = 'open'
  ) texts where n = 1 or (n <= $2 and read <= $3)
  order by thread_id, revision_sequence`;

const states = `
  select t.id as thread_id, t.mode,
    coalesce((select max(r.sequence) from message_revisions r where r.thread_id = t.id), 0)::float8 as revisions,
    coalesce(c.revisions, 0)::float8 as known, coalesce(c.position, 0) as position, t.last_position,
    coalesce(c.holds_items, false) as holds_items
  from threads t left join follower_cursors c on c.follower = $2 and c.thread_id = t.id where t.id = any ($1::uuid[])`;

/** How far a follower is in these threads. */
export const readThreadStates = (
  connection: Queryable,
  follower: string,
  threadIds: readonly string[],
): Promise<ThreadState[]> => connection.query<ThreadState>(states, [threadIds, follower], "follow_states");

/** The next messages of these threads that a follower has not seen, with edits and deletions of those that it has. */
export const readThreads = async (
  connection: Queryable,
  follower: string,
  threadIds: readonly string[],
  rule: PlaintextRule,
  { mostMessages, mostText }: ReadLimits,
): Promise<ReadThreads> => {
  const found = await readThreadStates(connection, follower, threadIds);
  const edited = found.filter(({ mode, revisions, known }) => mode === "open" && revisions !== known);
  const limits = [mostMessages, mostText, follower];
  const rows = await connection.query<Row>(unread, [threadIds, ...limits], "follow_unread");
  const editedIds = edited.map(({ thread_id }) => thread_id);
  const revisions =
    edited.length === 0 ? [] : await connection.query<RevisedRow>(revised, [editedIds, ...limits], "follow_revised");
  const reached = new Map(found.map((state) => [state.thread_id, state.position]));
  for (const { thread_id, position } of rows) reached.set(thread_id, position);
  const revisedTo = new Map(found.map((state) => [state.thread_id, state.known]));
  for (const { thread_id, revision_sequence } of revisions) revisedTo.set(thread_id, Number(revision_sequence));
  const newest = [...rows, ...revisions.filter(({ superseded }) => !superseded)];
  return {
    messages: [...new Map(newest.map((row) => [row.id, row])).values()].map((row) => ({
      id: row.id,
      threadId: row.thread_id,
      channelId: row.channel_id,
      position: row.position,
      role: row.role,
      author: row.author,
      scopeKey: row.scope_key,
      createdAt: new Date(row.created_at),
      meta: row.meta,
      content: row.content,
      allowed: mayBeIndexed(rule, row.scope_key, row.indexed),
    })),
    closed: found
      .filter(({ mode, holds_items }) => mode === "confidential" && holds_items)
      .map(({ thread_id }) => thread_id),
    states: found,
    reached,
    revised: revisedTo,
  };
};

const cursors = `
  insert into follower_cursors (follower, thread_id, position, revisions, holds_items)
  select $5, * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::boolean[])
  on conflict (follower, thread_id) do update
    set position = excluded.position, revisions = excluded.revisions, holds_items = excluded.holds_items`;

/** Notes that what was read is followed. @returns threads that have more. */
export const moveThreadCursors = async (
  connection: Queryable,
  follower: string,
  { states: read, reached, revised: revisedTo }: ReadThreads,
): Promise<string[]> => {
  await connection.query(
    cursors,
    [
      read.map(({ thread_id }) => thread_id),
      read.map(({ thread_id }) => reached.get(thread_id) ?? 0),
      read.map(({ thread_id }) => revisedTo.get(thread_id) ?? 0),
      read.map(({ mode }) => mode === "open"),
      follower,
    ],
    "follow_cursors",
  );
  return read
    .filter(
      ({ mode, thread_id, last_position, revisions }) =>
        mode === "open" &&
        ((reached.get(thread_id) ?? 0) < last_position || (revisedTo.get(thread_id) ?? 0) < revisions),
    )
    .map(({ thread_id }) => thread_id);
};
