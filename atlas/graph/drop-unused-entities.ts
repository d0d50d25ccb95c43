import type { Queryable } from "../../platform/db/database.ts";

/** An entity of a scope that something stopped naming; `label` is how it was written there. */
export interface Touched {
  readonly id: string;
  readonly scope_key: string;
  readonly label: string | null;
}

const touched = `
  select distinct t.id, t.scope_key from jsonb_to_recordset($1::jsonb) as t (id uuid, scope_key text)`;

const unused = `
  delete from entities e using (${touched}) t
  where e.id = t.id and e.scope_key = t.scope_key
    and not exists (select from message_entities m where m.entity_id = e.id and m.scope_key = e.scope_key)
    and not exists (select from message_topics m where m.entity_id = e.id and m.scope_key = e.scope_key)
    and not exists (select from edges x where x.from_id = e.id and x.scope_key = e.scope_key)
    and not exists (select from edges x where x.to_id = e.id and x.scope_key = e.scope_key)`;

// Only where nothing writes it like that any more: the smallest of what is left. The index gives both without reading the rest.
const writtenIn = (table: string, column: string, entity: string): string =>
  `select ${column} as label from ${table} where entity_id = ${entity}.id and scope_key = ${entity}.scope_key`;
const relabelled = `
  with lost as materialized (
    select e.id, e.scope_key from entities e join (${touched}) t on e.id = t.id and e.scope_key = t.scope_key
    where not exists (${writtenIn("message_entities", "entity", "e")} and entity = e.label collate "C")
      and not exists (${writtenIn("message_topics", "topic", "e")} and topic = e.label collate "C")
  )
  update entities e set label = rest.label
  from lost l cross join lateral (
    select min(found.label collate "C") as label from (
      (${writtenIn("message_entities", "entity", "l")} order by entity collate "C" limit 1)
      union all
      (${writtenIn("message_topics", "topic", "l")} order by topic collate "C" limit 1)
    ) found
  ) rest
  where e.id = l.id and e.scope_key = l.scope_key and rest.label is not null`;

/** Takes out the entities that nothing names any more, and the spellings that are gone, on the caller's transaction. */
export const dropUnusedEntities = async (connection: Queryable, entities: readonly Touched[]): Promise<void> => {
  if (entities.length === 0) return;
  const rows = JSON.stringify(entities);
  await connection.query(unused, [rows], "graph_unused");
  await connection.query(relabelled, [rows], "graph_relabelled");
};
