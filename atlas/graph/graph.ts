import type { Queryable } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { normaliseName } from "./entity.ts";
import { toLookUp } from "./names-of.ts";
import type { Places } from "./rules/find-places.ts";

export type GraphNode =
  | { readonly id: string; readonly kind: "entity"; readonly type: string; readonly label: string }
  | {
      readonly id: string;
      readonly kind: "message" | "chunk";
      /** The thread or document, and the place in it. */
      readonly parent: string;
      readonly position: number;
      readonly role: string;
      readonly author: string;
      readonly createdAt: string;
      readonly scopeKey: string;
    };

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `mentions` and `about` lead from items to entities and topics; the others are those of `edgeKinds`. */
  readonly kind: string;
  /** `rule`, names of models. */
  readonly origins: readonly string[];
}

export interface Surrounding {
  /** Nearest first, beginning with what was asked for. */
  readonly nodes: readonly GraphNode[];
  /** Those between the nodes. */
  readonly edges: readonly GraphEdge[];
  /** There is more within the depth. */
  readonly truncated: boolean;
}

export interface TopicCount {
  readonly topic: string;
  /** Messages and chunks of documents about the topic itself. */
  readonly items: number;
  /** With those about topics below it. */
  readonly itemsWithBelow: number;
  readonly newestAt: string;
}

/** Entities, topics and how items and those are joined, as far as a principal sees them. */
export interface Graph {
  /**
   * What is within so many steps of a node: `entity` is a name (`db-7`, `host:db-7`, `topic:Project/Cluster`) or an id.
   * @throws {AppError} NOT_FOUND also for what the principal may not see
   */
  around(
    principal: Principal,
    request: { readonly entity: string; readonly depth: number; readonly limit: number },
  ): Promise<Surrounding>;
  /** Topics with the most items first; `under` narrows them to one and what is below it. */
  topics(
    principal: Principal,
    request: { readonly under?: string; readonly limit: number },
  ): Promise<readonly TopicCount[]>;
}

export interface GraphDeps {
  readonly database: Queryable;
  /** Knows places by their other names. */
  readonly places?: Pick<Places, "resolve">;
}

interface ItemNode {
  readonly id: string;
  readonly kind: "message" | "chunk";
  readonly parent: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly created_at: string;
  readonly scope_key: string;
}
type EntityNode = Extract<GraphNode, { kind: "entity" }>;
interface Walk {
  readonly nodes: readonly (EntityNode | ItemNode)[];
  readonly edges: readonly GraphEdge[];
  readonly truncated: boolean;
}

const toNode = (node: EntityNode | ItemNode): GraphNode => {
  if (node.kind === "entity") return node;
  const { created_at, scope_key, ...rest } = node;
  return { ...rest, createdAt: new Date(created_at).toISOString(), scopeKey: scope_key };
};

interface TopicRow {
  readonly topic: string;
  readonly items: number;
  readonly items_with_below: number;
  readonly newest_at: string | Date;
}

// What the counts hold of threads that turned confidential since is taken off; the topics that it leaves tell of the rest.
const openItem = `
  (select i.kind = 'chunk' or t.mode = 'open' from graph_items i left join threads t on t.id = i.parent where i.item = m.message_id)`;
const shownOf = (what: string, order: string): string => `
  (select ${what} from message_topics m
    where m.scope_key = c.scope_key and m.entity_id = c.entity_id and ${openItem} order by ${order} limit 1)`;
const topics = `
  with hidden as materialized (
    select item.scope_key, item.entity_id, count(*) filter (where item.direct)::int as items, count(*)::int as items_with_below
    from (
      select m.scope_key, m.entity_id, m.message_id, bool_or(not m.implied) as direct
      from graph_hidden_threads h join graph_items i on i.parent = h.thread_id join message_topics m on m.message_id = i.item
      where m.scope_key = any ((select scope_keys($1))::text[])
      group by m.scope_key, m.entity_id, m.message_id
    ) item group by item.scope_key, item.entity_id
  ), shown as (
    select c.entity_id, c.items - coalesce(h.items, 0) as items,
      c.items_with_below - coalesce(h.items_with_below, 0) as items_with_below,
      case when h.items is null then c.newest_at else ${shownOf("m.created_at", "m.created_at desc")} end as newest_at,
      case when h.items is null then c.topic else ${shownOf("m.topic", 'm.topic collate "C"')} end as topic
    from topic_counts c left join hidden h on h.scope_key = c.scope_key and h.entity_id = c.entity_id
    where c.scope_key = any ((select scope_keys($1))::text[]) and c.items_with_below > coalesce(h.items_with_below, 0)
      and ($2::text is null or exists (select from entities e
        where e.id = c.entity_id and e.scope_key = c.scope_key and (e.name = $2 or starts_with(e.name, $2 || '/'))))
  )
  select min(topic collate "C") as topic, sum(items)::int as items, sum(items_with_below)::int as items_with_below,
    max(newest_at) as newest_at
  from shown group by entity_id order by items_with_below desc, newest_at desc, entity_id limit $3`;

export const createGraph = ({ database, places }: GraphDeps): Graph => ({
  async around(principal, { entity, depth, limit }) {
    const { id, type, names } = toLookUp(storableText(entity), places);
    const [row] = await database.query<{ walk: Walk | null }>(
      "select graph_walk($1, $2, $3, $4, $5, $6) as walk",
      [principal.id, id, names, type, depth, limit],
      "graph_walk",
    );
    if (!row?.walk) throw new AppError("NOT_FOUND", "There is no such entity.");
    const { nodes, edges, truncated } = row.walk;
    return { nodes: nodes.map(toNode), edges, truncated };
  },

  async topics(principal, { under, limit }) {
    const rows = await database.query<TopicRow>(
      topics,
      [principal.id, under === undefined ? null : normaliseName(under.replace(/^#/, "")), limit],
      "graph_topics",
    );
    return rows.map(({ topic, items, items_with_below, newest_at }) => ({
      topic,
      items,
      itemsWithBelow: items_with_below,
      newestAt: new Date(newest_at).toISOString(),
    }));
  },
});
