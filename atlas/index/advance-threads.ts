import type { Queryable } from "../../platform/db/database.ts";
import { lockIndex } from "./index-lock.ts";
import { indexMessages } from "./index-messages.ts";
import { indexTexts } from "./index-texts.ts";
import { mayBeIndexed, type PlaintextRule } from "./plaintext-rule.ts";

interface Row {
  readonly id: string;
  readonly thread_id: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly scope_key: string;
  readonly created_at: string | Date;
  readonly content: string | null;
  readonly revised: boolean;
  readonly indexed: boolean;
}

const present = `m.id, m.thread_id, m.position, m.role, m.author, m.scope_key, m.created_at, ch.indexed,
  case when m.revision_kind = 'tombstone' then null else m.content end as content`;

// Positions commit in order, because the thread's row is locked while they are assigned: what is seen here is what there will
// ever be up to the last one. The first one always comes, however long it is.
const unread = `
  select * from (
    select ${present}, false as revised, sum(coalesce(length(m.content), 0)) over (order by m.thread_id, m.position) as read,
      row_number() over (order by m.thread_id, m.position) as n
    from threads t join channels ch on ch.id = t.channel_id cross join lateral (
      select * from current_messages x where x.thread_id = t.id and x.position > coalesce(
        (select c.position from text_cursors c where c.thread_id = t.id), 0)
      order by x.position limit $2
    ) m
    where t.id = any ($1::uuid[]) and t.mode = 'open'
  ) texts where n = 1 or (n <= $2 and read <= $3)
  order by thread_id, position`;

const revised = `
  select distinct on (m.id) ${present}, true as revised
  from message_revisions r join current_messages m on m.id = r.message_id
    join threads t on t.id = r.thread_id join channels ch on ch.id = t.channel_id
  where r.thread_id = any ($1::uuid[]) and t.mode = 'open'`;

const revisionCounts = `
  select t.id as thread_id, t.mode, (select count(*) from message_revisions r where r.thread_id = t.id)::int as revisions,
    coalesce(c.revisions, 0)::int as known, coalesce(c.position, 0) as position, t.last_position,
    coalesce(c.holds_items, false) as holds_items
  from threads t left join text_cursors c on c.thread_id = t.id where t.id = any ($1::uuid[])`;

interface State {
  readonly thread_id: string;
  readonly mode: "open" | "confidential";
  readonly revisions: number;
  readonly known: number;
  readonly position: number;
  readonly last_position: number;
  readonly holds_items: boolean;
}

const cursors = `
  insert into text_cursors (thread_id, position, revisions, holds_items)
  select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::boolean[])
  on conflict (thread_id) do update
    set position = excluded.position, revisions = excluded.revisions, holds_items = excluded.holds_items`;

export interface Advance {
  readonly rule: PlaintextRule;
  /** Messages, and about how many characters, that one step takes. */
  readonly mostMessages: number;
  readonly mostText: number;
}

/**
 * One step of indexing these threads, on the caller's transaction: new messages, edits and deletions come into the index and the
 * cursors move; threads that turned confidential leave it.
 *
 * @returns threads that have more to index.
 */
export const advanceThreads = async (
  connection: Queryable,
  threadIds: readonly string[],
  { rule, mostMessages, mostText }: Advance,
): Promise<string[]> => {
  await lockIndex(connection);
  const states = await connection.query<State>(revisionCounts, [threadIds], "index_states");
  const changed = states.filter(({ mode, revisions, known }) => mode === "open" && revisions !== known);
  const closed = states.filter(({ mode, holds_items }) => mode === "confidential" && holds_items);
  const rows = [
    ...(await connection.query<Row>(unread, [threadIds, mostMessages, mostText], "index_unread")),
    ...(changed.length === 0
      ? []
      : await connection.query<Row>(revised, [changed.map(({ thread_id }) => thread_id)], "index_revised")),
  ];
  const gone =
    closed.length === 0
      ? []
      : await connection.query<{ item: string }>(
          "select distinct item from text_items where parent = any ($1::uuid[])",
          [closed.map(({ thread_id }) => thread_id)],
          "index_closed",
        );
  await indexTexts(
    connection,
    [],
    gone.map(({ item }) => item),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  await indexMessages(
    connection,
    [...byId.values()].map((row) => ({
      id: row.id,
      threadId: row.thread_id,
      position: row.position,
      role: row.role,
      author: row.author,
      scopeKey: row.scope_key,
      createdAt: new Date(row.created_at),
      content: row.content,
      allowed: mayBeIndexed(rule, row.scope_key, row.indexed),
    })),
  );

  const reached = new Map(states.map((state) => [state.thread_id, state.position]));
  for (const { revised, thread_id, position } of rows) {
    if (!revised) reached.set(thread_id, Math.max(position, reached.get(thread_id) ?? 0));
  }
  await connection.query(
    cursors,
    [
      states.map(({ thread_id }) => thread_id),
      states.map(({ thread_id }) => reached.get(thread_id) ?? 0),
      states.map(({ revisions }) => revisions),
      states.map(({ mode }) => mode === "open"),
    ],
    "index_cursors",
  );
  return states
    .filter(({ mode, thread_id, last_position }) => mode === "open" && (reached.get(thread_id) ?? 0) < last_position)
    .map(({ thread_id }) => thread_id);
};
