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

// Only where nothing writes it like that any more: the smallest of what is left.
const relabelled = `
  update entities e set label = rest.label
  from (${touched}) t cross join lateral (
    select min(found.label collate "C") as label from (
      select entity as label from message_entities where entity_id = t.id and scope_key = t.scope_key
      union all
      select topic from message_topics where entity_id = t.id and scope_key = t.scope_key
    ) found
  ) rest
  where e.id = t.id and e.scope_key = t.scope_key and rest.label is not null
    and not exists (select from message_entities m
      where m.entity_id = e.id and m.scope_key = e.scope_key and m.entity = e.label)
    and not exists (select from message_topics m
      where m.entity_id = e.id and m.scope_key = e.scope_key and m.topic = e.label)`;

/** Takes out the entities that nothing names any more, and the spellings that are gone, on the caller's transaction. */
export const dropUnusedEntities = async (connection: Queryable, entities: readonly Touched[]): Promise<void> => {
  if (entities.length === 0) return;
  const rows = JSON.stringify(entities);
  await connection.query(unused, [rows], "graph_unused");
  await connection.query(relabelled, [rows], "graph_relabelled");
};
