import type { Queryable } from "../../platform/db/database.ts";
import { type IndexedPart, unpackParts } from "../index/packed-item.ts";
import { rarity } from "./rarity.ts";
import type { TermCounts } from "./term-statistics.ts";

/** Postings that one search reads: with more, names that stand in every message of a long history come in, and no quality. */
const mostPostings = 10_000;
const mostCandidates = 100;
/** Of how many of the best the turns beside them become candidates too. */
export const widenedCandidates = 30;

export interface FoundParts {
  /** `seq` of the candidates, best first by their own words. */
  readonly seqs: readonly number[];
  /** The candidates and the turns around them. */
  readonly parts: readonly IndexedPart[];
}

const search = "select seqs, packed from text_search($1, $2, $3, $4, $5, $6, $7, $8)";

/** The rarest terms first until the postings would be too many; always at least one. */
const affordable = (weights: ReadonlyMap<number, number>, { found }: TermCounts): [number, number][] => {
  const rarestFirst = [...weights]
    .filter(([hash]) => (found.get(hash) ?? 0) > 0)
    .sort(([left], [right]) => (found.get(left) ?? 0) - (found.get(right) ?? 0));
  let spent = 0;
  const chosen: [number, number][] = [];
  for (const term of rarestFirst) {
    spent += Math.min(found.get(term[0]) ?? 0, mostPostings);
    if (chosen.length > 0 && spent > mostPostings) break;
    chosen.push(term);
  }
  return chosen;
};

/** Candidates of the full-text index with all that their exact ranking needs, in one round trip. */
export const searchIndex = async (
  database: Queryable,
  counts: TermCounts,
  weights: ReadonlyMap<number, number>,
): Promise<FoundParts> => {
  const terms = affordable(weights, counts);
  if (terms.length === 0) return { seqs: [], parts: [] };
  const { collections } = counts;
  const [row] = await database.query<{ seqs: readonly string[] | null; packed: Uint8Array | null }>(
    search,
    [
      collections.map(({ id }) => id),
      collections.map(({ meanLength }) => meanLength),
      collections.filter(({ kind }) => kind === "message").map(({ id }) => id),
      terms.map(([hash]) => hash),
      terms.map(([hash, weight]) => weight * rarity(counts.items, counts.found.get(hash) ?? 0)),
      mostPostings,
      mostCandidates,
      widenedCandidates,
    ],
    "recall_search",
  );
  return { seqs: (row?.seqs ?? []).map(Number), parts: row?.packed ? unpackParts(row.packed) : [] };
};
