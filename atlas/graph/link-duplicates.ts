import type { Queryable } from "../../platform/db/database.ts";

/** An item's place among those of its scope with the same words. */
export interface Placed {
  readonly item: string;
  readonly scope_key: string;
  readonly same_hash: string | null;
  readonly created_at: string | Date;
}

// Those whose neighbour before them may be another one now: the touched ones that are there, and the one after each place.
const moved = `
  with touched as materialized (
    select distinct * from jsonb_to_recordset($1::jsonb)
      as t (item uuid, scope_key text, same_hash bigint, created_at timestamptz)
  )
  select g.item from touched t join graph_items g on g.item = t.item
  union
  select next.item from touched t cross join lateral (
    select g.item from graph_items g
    where g.scope_key = t.scope_key and g.same_hash = t.same_hash and (g.created_at, g.item) > (t.created_at, t.item)
    order by g.created_at, g.item limit 1
  ) next`;

const linked = `
  insert into edges (from_id, to_id, kind, message_id, scope_key, origin, created_at)
  select g.item, earlier.item, 'duplicates', g.item, g.scope_key, 'rule', g.created_at
  from graph_items g cross join lateral (
    select e.item from graph_items e
    where e.scope_key = g.scope_key and e.same_hash = g.same_hash and (e.created_at, e.item) < (g.created_at, g.item)
    order by e.created_at desc, e.item desc limit 1
  ) earlier
  where g.item = any ($1::uuid[])`;

/** Joins each of these items, which came, changed or left, with the one before it of the same words in the same scope. */
export const linkDuplicates = async (connection: Queryable, items: readonly Placed[]): Promise<void> => {
  const touched = items.filter(({ same_hash }) => same_hash !== null);
  if (touched.length === 0) return;
  const places = touched.map(({ item, scope_key, same_hash, created_at }) => ({
    item,
    scope_key,
    same_hash,
    created_at,
  }));
  const rows = await connection.query<{ item: string }>(moved, [JSON.stringify(places)], "graph_moved");
  const ids = rows.map(({ item }) => item);
  await connection.query(
    "delete from edges where message_id = any ($1::uuid[]) and kind = 'duplicates' and message_id = from_id and origin = 'rule'",
    [ids],
    "graph_unlink",
  );
  await connection.query(linked, [ids], "graph_link");
};
