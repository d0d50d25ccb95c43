import type { Logger } from "pino";
import type { Database, Queryable } from "../../../platform/db/database.ts";
import type { Metrics } from "../../../platform/metrics/metrics.ts";
import type { Changes } from "../../follow/changes.ts";
import { createFollower } from "../../follow/create-follower.ts";
import type { Follower } from "../../follow/follower.ts";
import type { PlaintextRule } from "../../follow/plaintext-rule.ts";
import { type GraphEntry, itemsOf } from "../graph-rows.ts";
import { readSurroundings } from "../read-surroundings.ts";
import type { Extracted } from "../rules/extract.ts";
import { writeGraph } from "../write-graph.ts";
import type { AskModel } from "./ask-model.ts";

export interface ModelFollowerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  readonly model: string;
  readonly askModel: AskModel;
  readonly metrics: Pick<Metrics, "graphItems">;
  /** Pause between two looks: what came meanwhile is asked about together. */
  readonly sweepMs?: number;
}

interface Prepared {
  readonly entries: readonly GraphEntry[];
  /** Items of which the model has said what it has to say. */
  readonly kept: readonly string[];
}

/** Raised when the question changes. */
const questionVersion = 1;
const textsPerStep = 30;
const textsPerQuestion = 10;
const charactersPerQuestion = 12_000;
/** Shorter texts say nothing that rules do not see. */
const shortestText = 15;

const nothing: Extracted = { entities: [], topics: [], relations: [], references: [] };

/** Groups of texts of one scope for one question each. */
function* questionsOf<Item extends { readonly item: { readonly scope_key: string }; readonly content: string }>(
  items: readonly Item[],
): Generator<readonly Item[]> {
  let group: Item[] = [];
  let length = 0;
  for (const item of items) {
    const isFull = group.length >= textsPerQuestion || length + item.content.length > charactersPerQuestion;
    if (group.length > 0 && (isFull || group[0]?.item.scope_key !== item.item.scope_key)) {
      yield group;
      group = [];
      length = 0;
    }
    group.push(item);
    length += item.content.length;
  }
  if (group.length > 0) yield group;
}

const readBefore = (database: Queryable, items: readonly string[]): Promise<{ item: string; content_hash: string }[]> =>
  database.query(
    "select item, content_hash::text from graph_items where item = any ($1::uuid[]) and model_hash = content_hash",
    [items],
    "graph_read_by_model",
  );

/**
 * Adds to the graph what a model finds in texts, after the rules and without ever holding them up: with cursors of its own, each
 * text once, several texts in one question. While the model cannot be asked the texts wait.
 */
export const createModelFollower = (deps: ModelFollowerDeps): Follower => {
  const { database, rule, logger, model, askModel, metrics, sweepMs } = deps;

  const prepare = async (changes: Changes, signal: AbortSignal): Promise<Prepared> => {
    const { documentTimes } = await readSurroundings(database, changes);
    const items = itemsOf(changes, documentTimes);
    const before = await readBefore(
      database,
      items.map(({ item }) => item.item),
    );
    const known = new Map(before.map(({ item, content_hash }) => [item, content_hash]));
    const isKnown = ({ item }: (typeof items)[number]) => known.get(item.item) === item.content_hash;
    const asked = items.filter((item) => !isKnown(item));
    const entries: GraphEntry[] = asked
      .filter(({ content }) => content.length < shortestText)
      .map(({ item }) => ({ item, extracted: nothing }));
    for (const group of questionsOf(asked.filter(({ content }) => content.length >= shortestText))) {
      signal.throwIfAborted();
      const scopeKey = group[0]?.item.scope_key ?? "";
      const owner = scopeKey.startsWith("user:") ? scopeKey.slice("user:".length) : undefined;
      const found = await askModel(
        group.map(({ content }) => content),
        owner,
        signal,
      );
      group.forEach(({ item }, index) => {
        entries.push({ item, extracted: found.get(index + 1) ?? nothing });
      });
    }
    return { entries, kept: items.filter(isKnown).map(({ item }) => item.item) };
  };

  const follower = createFollower<Prepared>({
    name: "graph-model",
    database,
    logger,
    rule,
    rules: `${questionVersion} ${model}`,
    batch: textsPerStep,
    ...(sweepMs === undefined ? {} : { sweepMs }),
    renew: async (connection, former) => {
      if (former === null) return;
      for (const table of ["message_entities", "message_topics", "edges"]) {
        await connection.query(`delete from ${table} where origin <> 'rule'`);
      }
      await connection.query("update graph_items set model_hash = null where model_hash is not null");
    },
    prepare,
    apply: async (connection, changes, { entries, kept }) => {
      const present = new Set([...kept, ...entries.map(({ item }) => item.item)]);
      await writeGraph(connection, {
        entries,
        kept,
        goneItems: changes.messages.map(({ id }) => id).filter((id) => !present.has(id)),
        goneParents: changes.goneParents,
        origin: model,
      });
      await connection.query(
        "update graph_items set model_hash = content_hash where item = any ($1::uuid[])",
        [entries.map(({ item }) => item.item)],
        "graph_model_read",
      );
      metrics.graphItems.inc({ origin: "model" }, entries.length);
    },
  });
  // A hint for each message would make a question of each: what has come since the last look is asked about together.
  return { ...follower, hint: () => undefined, hintDocuments: () => undefined };
};
