import type { Queryable } from "../../platform/db/database.ts";
import { lockFollower } from "../follow/lock-follower.ts";
import { dropUnusedEntities, type Touched } from "./drop-unused-entities.ts";
import { type GraphEntry, toGraphRows } from "./graph-rows.ts";
import { linkDuplicates, type Placed } from "./link-duplicates.ts";
import { linkMessages } from "./link-messages.ts";

export interface GraphWrite {
  /** The present state of items with what was found out about them. */
  readonly entries: readonly GraphEntry[];
  /** Items that are as they were. */
  readonly kept?: readonly string[];
  /** Messages that were deleted or may not be indexed. */
  readonly goneItems: readonly string[];
  /** Threads and documents whose items leave, unless they are in `entries` or kept. */
  readonly goneParents: readonly string[];
  /** `rule`, or the model's name: rows of the other kind stay. */
  readonly origin: string;
}

interface KnownItem extends Placed {
  readonly parent: string;
  readonly content_hash: string;
}

// Seen under the lock, so that nothing of a thread comes in once it has been taken out.
const turned = `
  select id from threads where id = any ($1::uuid[]) and mode = 'confidential'
  union select thread_id from graph_hidden_threads`;

const known = `
  select item, parent, content_hash::text, scope_key, same_hash::text, created_at from graph_items
  where item = any ($1::uuid[]) or parent = any ($2::uuid[])`;

// Everything of the first items, and of the second what rules, or models, found out.
const deleted = (table: string, touched: string): string => `
  with gone as (
    delete from ${table} where message_id = any ($1::uuid[]) or (message_id = any ($2::uuid[]) and (origin = 'rule') = $3)
    returning *
  ) select distinct ${touched}`;

const deletions = [
  deleted("message_entities", "entity_id as id, scope_key, entity as label from gone"),
  deleted("message_topics", "entity_id as id, scope_key, topic as label from gone"),
  deleted(
    "edges",
    "x.id, gone.scope_key, null as label from gone cross join lateral (values (from_id), (to_id)) as x (id)",
  ),
];

const upsertItems = `
  insert into graph_items
  select * from jsonb_populate_recordset(null::graph_items, $1::jsonb)
  on conflict (item) do update set scope_key = excluded.scope_key, author = excluded.author, role = excluded.role,
    created_at = excluded.created_at, content_hash = excluded.content_hash, same_hash = excluded.same_hash`;

const insertions = {
  entities: `
    insert into entities as e select * from jsonb_populate_recordset(null::entities, $1::jsonb)
    on conflict (id, scope_key) do update set label = excluded.label where excluded.label < e.label collate "C"`,
  mentions: "insert into message_entities select * from jsonb_populate_recordset(null::message_entities, $1::jsonb)",
  topics: "insert into message_topics select * from jsonb_populate_recordset(null::message_topics, $1::jsonb)",
  edges: "insert into edges select * from jsonb_populate_recordset(null::edges, $1::jsonb)",
} as const;

const forgetHidden = `
  delete from graph_hidden_threads h where not exists (select from graph_items i where i.parent = h.thread_id)`;

/**
 * Brings the graph to the state of some items, on the caller's transaction: what is new comes in, of what is known the rows of
 * the same kind of origin are replaced, what is gone leaves with all that derives from it. Where a text has changed, what other
 * origins said of the old one leaves too. Threads that turned confidential leave with the next write. The same again gives the same rows.
 */
export const writeGraph = async (
  connection: Queryable,
  { entries: read, kept = [], goneItems, goneParents, origin }: GraphWrite,
): Promise<void> => {
  await lockFollower(connection, "graph tables"); // rules and models write the same rows
  const parents = [...new Set(read.map(({ item }) => item.parent))];
  const closed = new Set(
    (await connection.query<{ id: string }>(turned, [parents], "graph_turned")).map(({ id }) => id),
  );
  const entries = read.filter(({ item }) => !closed.has(item.parent));
  const present = new Map(entries.map(({ item }) => [item.item, item]));
  const before = await connection.query<KnownItem>(
    known,
    [
      [...present.keys(), ...goneItems],
      [...goneParents, ...closed],
    ],
    "graph_known",
  );
  const staying = new Set(kept);
  const gone = before.filter(({ item, parent }) => !present.has(item) && (!staying.has(item) || closed.has(parent)));
  const changed = before.filter(({ item, content_hash, scope_key }) => {
    const now = present.get(item);
    return now !== undefined && (now.content_hash !== content_hash || now.scope_key !== scope_key);
  });
  const goneIds = gone.map(({ item }) => item);
  const touched: Touched[] = [];
  if (before.length > 0) {
    const forgotten = [...goneIds, ...changed.map(({ item }) => item)];
    for (const [index, sql] of deletions.entries()) {
      const values = [forgotten, [...present.keys()], origin === "rule"];
      touched.push(...(await connection.query<Touched>(sql, values, `graph_forget_${index}`)));
    }
  }
  if (goneIds.length > 0) {
    await connection.query("delete from edges where to_id = any ($1::uuid[])", [goneIds]);
    await connection.query("delete from graph_items where item = any ($1::uuid[])", [goneIds]);
  }
  if (entries.length > 0) {
    await connection.query(upsertItems, [JSON.stringify([...present.values()])], "graph_put_items");
    const rows = toGraphRows(entries, origin);
    for (const table of ["entities", "mentions", "topics", "edges"] as const) {
      if (rows[table].length > 0)
        await connection.query(insertions[table], [JSON.stringify(rows[table])], `graph_put_${table}`);
    }
    if (origin === "rule") await linkMessages(connection, entries);
  }
  await linkDuplicates(connection, [...gone, ...before.filter(({ item }) => present.has(item)), ...present.values()]);
  await dropUnusedEntities(connection, touched);
  await connection.query(forgetHidden, [], "graph_forget_hidden");
};
