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

const topics = `
  select min(m.topic collate "C") as topic, count(distinct m.message_id) filter (where not m.implied)::int as items,
    count(distinct m.message_id)::int as items_with_below, max(m.created_at) as newest_at
  from message_topics m join entities e on e.id = m.entity_id and e.scope_key = m.scope_key
    join graph_items i on i.item = m.message_id left join threads t on t.id = i.parent
  where m.scope_key = any ((select scope_keys($1))::text[]) and (i.kind = 'chunk' or t.mode = 'open')
    and ($2::text is null or e.name = $2 or starts_with(e.name, $2 || '/'))
  group by m.entity_id order by items_with_below desc, newest_at desc, m.entity_id limit $3`;

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
