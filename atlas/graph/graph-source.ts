import type { Queryable } from "../../platform/db/database.ts";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import { stopWords } from "../index/stop-words.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import { normaliseName } from "./entity.ts";
import type { Rules } from "./rules/extract.ts";

export interface GraphSourceDeps {
  readonly database: Queryable;
  readonly rules: Pick<Rules, "ofText">;
}

/** What shares an entity with the query counts so much of full text's best: enough for what words miss, no more. */
const weight = 0.1;
const longestQuery = 2_000;
const mostWords = 40;
const longestName = 4;
/** What more items than this name tells nothing about one of them. */
const mostItems = 30;
/** An answer beside a question that was found, and a message that refers to one. */
const neighbourShare = 0.5;
const mostWithNeighbours = 20;

// Items of each entity, newest first, one more than may be; and what answers the best of them or refers to them.
const named = `
  with asked as materialized (
    select distinct e.id from entities e
    where e.name = any ($2::text[]) and e.scope_key = any ((select scope_keys($1))::text[]) and e.type <> 'agent'
  )
  select a.id as entity, x.message_id as item from asked a cross join lateral (
    select found.message_id from unnest(scope_keys($1)) as k (key) cross join lateral (
      (select m.message_id from message_entities m where m.entity_id = a.id and m.scope_key = k.key
        order by m.created_at desc limit ${mostItems + 1})
      union all
      (select m.message_id from message_topics m where m.entity_id = a.id and m.scope_key = k.key
        order by m.created_at desc limit ${mostItems + 1})
    ) found limit ${2 * mostItems + 2}
  ) x`;
const beside = `
  select e.from_id as found, e.to_id as item from edges e
  where e.from_id = any ($2::uuid[]) and e.kind in ('answers', 'refers_to') and e.scope_key = any ((select scope_keys($1))::text[])
  union all
  select e.to_id, e.from_id from edges e
  where e.to_id = any ($2::uuid[]) and e.kind in ('answers', 'refers_to') and e.scope_key = any ((select scope_keys($1))::text[])`;

const isGrammar = (word: string): boolean =>
  stopWords.en.has(word) || stopWords.pl.has(word) || stopWords.uk.has(word) || stopWords.he.has(word);

/** Names that a query may hold: what the rules find in it, and its words side by side. */
const namesIn = (query: string, rules: Pick<Rules, "ofText">): string[] => {
  const text = query.slice(0, longestQuery).toWellFormed();
  const { entities, topics } = rules.ofText(text);
  const names = new Set([...entities.map(({ name }) => name), ...topics.map(normaliseName)]);
  const words = wordsOf(text).slice(0, mostWords);
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= Math.min(words.length, from + longestName); to += 1) {
      const name = words.slice(from, to).join(" ");
      if (to - from > 1 || (name.length > 1 && !isGrammar(name))) names.add(name);
    }
  }
  return [...names];
};

/** What names the same entities or topics as the query, the rarer the better, and what answers it or refers to it. */
export const createGraphSource = ({ database, rules }: GraphSourceDeps): CandidateSource => ({
  name: "graph",
  weight,
  async find({ principal, query, limit }) {
    const names = namesIn(query, rules);
    if (names.length === 0) return [];
    const rows = await database.query<{ entity: string; item: string }>(named, [principal.id, names], "recall_named");
    const items = new Map<string, Set<string>>();
    for (const { entity, item } of rows) items.set(entity, (items.get(entity) ?? new Set()).add(item));
    const scores = new Map<string, number>();
    for (const holders of items.values()) {
      if (holders.size > mostItems) continue;
      for (const item of holders) scores.set(item, (scores.get(item) ?? 0) + 1 / Math.sqrt(holders.size));
    }
    if (scores.size === 0) return [];
    const best = [...scores].sort(([, left], [, right]) => right - left);
    const joined = best.slice(0, mostWithNeighbours).map(([item]) => item);
    for (const { found, item } of await database.query<{ found: string; item: string }>(
      beside,
      [principal.id, joined],
      "recall_beside",
    )) {
      const score = neighbourShare * (scores.get(found) ?? 0);
      if (score > (scores.get(item) ?? 0)) scores.set(item, score);
    }
    return [...scores]
      .map(([id, score]) => ({ id, score }))
      .sort((left, right) => right.score - left.score)
      .slice(0, limit);
  },
});
