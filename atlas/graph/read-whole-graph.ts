import type { Queryable } from "../../platform/db/database.ts";

export interface ExportedNode {
  readonly id: string;
  /** `host`, `person`, `topic` … of an entity; `message` or `document`. */
  readonly type: string;
  /** An entity's name as it is written; an item's author or title. */
  readonly label: string;
  readonly role: string | null;
  /** An item's thread or document, and the place in it. */
  readonly parent: string | null;
  readonly position: number | null;
  /** ISO 8601. */
  readonly createdAt: string | null;
}

export interface ExportedEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  /** Joined by commas. */
  readonly origins: string;
}

const pageSize = 1_000;
const first = "00000000-0000-0000-0000-000000000000";

// $1: the principal whose view it is; null: everything. Threads that turned confidential are left out at once.
const seen = (column: string): string => `($1::text is null or ${column} = any ((select scope_keys($1))::text[]))`;
const openItem = (id: string): string => `exists (
  select from graph_items o left join threads t on t.id = o.parent
  where o.item = ${id} and ${seen("o.scope_key")} and (o.kind = 'chunk' or t.mode = 'open'))`;
const there = (id: string): string => `(${openItem(id)}
  or exists (select from entities n where n.id = ${id} and ${seen("n.scope_key")}))`;

const nodes = {
  entities: `
    select e.id, min(e.type) as type, min(e.label collate "C") as label, null as role, null as parent, null as position,
      null as created_at
    from entities e where e.id > $2 and ${seen("e.scope_key")} and (
      exists (select from message_entities m where m.entity_id = e.id and m.scope_key = e.scope_key and ${openItem("m.message_id")})
      or exists (select from message_topics m
        where m.entity_id = e.id and m.scope_key = e.scope_key and ${openItem("m.message_id")}))
    group by e.id order by e.id limit ${pageSize}`,
  items: `
    select i.item as id, case i.kind when 'chunk' then 'document' else i.kind end as type, i.author as label, i.role, i.parent,
      i.position, i.created_at
    from graph_items i where i.item > $2 and ${seen("i.scope_key")} and ${openItem("i.item")}
    order by i.item limit ${pageSize}`,
} as const;

// By the node that they lead away from; a page ends with a node, so that no edge is left out.
const page = (table: string, column: string): string => `
  select distinct ${column} as id from (
    select x.${column} from ${table} x where x.${column} > $2 and ${seen("x.scope_key")} order by x.${column} limit ${pageSize}
  ) part order by id`;
const edges = {
  mentions: [
    page("message_entities", "message_id"),
    `select m.message_id as "from", m.entity_id as "to", 'mentions' as kind, string_agg(distinct m.origin, ',') as origins
     from message_entities m where m.message_id = any ($2::uuid[]) and ${seen("m.scope_key")} and ${openItem("m.message_id")}
     group by m.message_id, m.entity_id order by 1, 2`,
  ],
  topics: [
    page("message_topics", "message_id"),
    `select m.message_id as "from", m.entity_id as "to", 'about' as kind, string_agg(distinct m.origin, ',') as origins
     from message_topics m
     where m.message_id = any ($2::uuid[]) and not m.implied and ${seen("m.scope_key")} and ${openItem("m.message_id")}
     group by m.message_id, m.entity_id order by 1, 2`,
  ],
  edges: [
    page("edges", "from_id"),
    `select e.from_id as "from", e.to_id as "to", e.kind, string_agg(distinct e.origin, ',') as origins
     from edges e where e.from_id = any ($2::uuid[]) and ${seen("e.scope_key")} and ${openItem("e.message_id")}
       and ${there("e.to_id")}
     group by e.from_id, e.to_id, e.kind order by 1, 2, 3`,
  ],
} as const;

interface NodeRow extends Omit<ExportedNode, "createdAt"> {
  readonly created_at: string | Date | null;
}

/** Every node, page by page: of everything that the graph holds, or of what a principal sees. */
export async function* readNodes(connection: Queryable, principal: string | null): AsyncGenerator<ExportedNode> {
  for (const [name, sql] of Object.entries(nodes)) {
    for (let last = first; ; ) {
      const rows = await connection.query<NodeRow>(sql, [principal, last], `graph_export_${name}`);
      for (const { created_at, ...row } of rows) {
        yield { ...row, createdAt: created_at === null ? null : new Date(created_at).toISOString() };
      }
      const end = rows.at(-1);
      if (end === undefined) break;
      last = end.id;
    }
  }
}

/** Every edge between those nodes. */
export async function* readEdges(connection: Queryable, principal: string | null): AsyncGenerator<ExportedEdge> {
  for (const [name, [next, sql]] of Object.entries(edges)) {
    for (let last = first; ; ) {
      const ids = await connection.query<{ id: string }>(next, [principal, last], `graph_export_next_${name}`);
      const end = ids.at(-1);
      if (end === undefined) break;
      yield* await connection.query<ExportedEdge>(sql, [principal, ids.map(({ id }) => id)], `graph_export_of_${name}`);
      last = end.id;
    }
  }
}
