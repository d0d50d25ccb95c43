import type { Logger } from "pino";
import type { Database } from "../../platform/db/database.ts";
import type { Recogniser } from "../../platform/egress/recognisers/span.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { Changes } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { createBreather } from "../recall/breather.ts";
import { type GraphEntry, itemsOf } from "./graph-rows.ts";
import { readSurroundings } from "./read-surroundings.ts";
import { type Extracted, joined, type Rules } from "./rules/extract.ts";
import { piecesOf } from "./rules/pieces-of.ts";
import { writeGraph } from "./write-graph.ts";

export interface GraphFollowerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  readonly rules: Rules;
  /** Finds the people whom a principal knows; used for what is the principal's alone. */
  readonly peopleOf?: (principal: string) => Promise<Recogniser>;
  readonly metrics?: Pick<Metrics, "graphItems">;
  readonly batch?: number;
}

/** Raised when the rules change what they find. */
const rulesVersion = 1;
const tables = "message_entities, message_topics, edges, entities, graph_items";

/** Principals whose own scope the changes lie in. */
const ownersOf = ({ messages, chunks }: Changes): string[] => {
  const keys = new Set([...messages, ...chunks].map(({ scopeKey }) => scopeKey));
  return [...keys].flatMap((key) => (key.startsWith("user:") ? [key.slice("user:".length)] : []));
};

/** Fills the graph by rules, after the commits of what they read. */
export const createGraphFollower = (deps: GraphFollowerDeps): Follower => {
  const { database, rule, logger, rules, peopleOf, metrics, batch } = deps;

  const entriesOf = async (changes: Changes, signal: AbortSignal): Promise<GraphEntry[]> => {
    const breathe = createBreather(signal);
    const { documentTimes, projects, channels } = await readSurroundings(database, changes);
    const directories = new Map<string, Recogniser>();
    if (peopleOf) for (const owner of ownersOf(changes)) directories.set(`user:${owner}`, await peopleOf(owner));
    const messages = new Map(changes.messages.map((message) => [message.id, message]));
    const services = new Map(changes.chunks.map(({ id, service }) => [id, service]));

    const entries: GraphEntry[] = [];
    for (const { item, content } of itemsOf(changes, documentTimes)) {
      const isMessage = item.kind === "message";
      const parts: Extracted[] = [
        rules.ofMeta({
          role: isMessage ? item.role : undefined,
          author: item.author,
          meta: messages.get(item.item)?.meta ?? {},
          projects: projects.get(item.parent) ?? [],
          channel: channels.get(item.parent),
          service: services.get(item.item),
        }),
      ];
      for (const piece of piecesOf(content)) {
        await breathe();
        parts.push(rules.ofText(piece, directories.get(item.scope_key)));
      }
      entries.push({ item, extracted: joined(parts) });
    }
    return entries;
  };

  return createFollower<readonly GraphEntry[]>({
    name: "graph",
    database,
    logger,
    rule,
    rules: String(rulesVersion),
    ...(batch === undefined ? {} : { batch }),
    renew: async (connection, former) => {
      if (former === null) return;
      if (former.endsWith(` ${rule}`)) {
        for (const table of ["message_entities", "message_topics", "edges"]) {
          await connection.query(`delete from ${table} where origin = 'rule'`);
        }
        return;
      }
      // What may be indexed has changed, for what models found out too.
      await connection.query(`truncate ${tables}`);
      await connection.query("delete from follower_cursors where follower = 'graph-model'");
      await connection.query("delete from follower_documents where follower = 'graph-model'");
      await connection.query("update followers set resets = resets + 1 where name = 'graph-model'");
    },
    prepare: entriesOf,
    apply: async (connection, changes, entries) => {
      const present = new Set(entries.map(({ item }) => item.item));
      await writeGraph(connection, {
        entries,
        goneItems: changes.messages.map(({ id }) => id).filter((id) => !present.has(id)),
        goneParents: changes.goneParents,
        origin: "rule",
      });
      metrics?.graphItems.inc({ origin: "rule" }, entries.length);
    },
  });
};
