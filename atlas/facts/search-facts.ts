import type { Queryable } from "../../platform/db/database.ts";
import { askTerms } from "../recall/ask-terms.ts";
import { rarity } from "../recall/rarity.ts";
import type { Fact } from "./facts.ts";

export interface FactSearch {
  readonly principal: string;
  readonly query: string;
  readonly scope: Fact["scope"] | null;
  readonly subject: string | null;
  /** Null: what holds now. */
  readonly at: Date | null;
  readonly limit: number;
}

interface Row {
  readonly id: string;
  readonly terms: readonly number[];
  /** In all scopes that are searched, up to a bound. */
  readonly facts: number;
}

/** Facts that are compared: the newest that hold a word. */
const mostCompared = 1_000;

const matching = "select id, terms, facts from facts_matching($1, $2, $3, $4, $5, $6)";

/**
 * Facts that hold words of a query, best first: by the share of the query's words that they hold, rare words counting more,
 * 0–1; of equals the newer first. Only what the principal sees.
 */
export const searchFacts = async (
  database: Queryable,
  { principal, query, scope, subject, at, limit }: FactSearch,
): Promise<{ readonly id: string; readonly score: number }[]> => {
  const { terms } = askTerms(query);
  const asked = terms.filter(({ isWord }) => isWord);
  if (asked.length === 0 || limit < 1) return [];
  const hashes = asked.flatMap(({ hash, otherHash }) => (otherHash === undefined ? [hash] : [hash, otherHash]));
  const values = [principal, scope, at, hashes, subject, mostCompared];
  const rows = await database.query<Row>(matching, values, "facts_matching");
  const sets = rows.map(({ id, terms: held }) => ({ id, held: new Set(held) }));
  const holds = (held: ReadonlySet<number>, { hash, otherHash }: (typeof asked)[number]) =>
    held.has(hash) || (otherHash !== undefined && held.has(otherHash));
  const facts = rows[0]?.facts ?? 0;
  const worths = asked.map((term) => rarity(facts, sets.filter(({ held }) => holds(held, term)).length));
  const total = worths.reduce((sum, worth) => sum + worth, 0);
  return sets
    .map(({ id, held }) => {
      const found = worths.reduce((sum, worth, place) => sum + (holds(held, asked[place]!) ? worth : 0), 0);
      return { id, score: total > 0 ? found / total : 0 };
    })
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, limit);
};
