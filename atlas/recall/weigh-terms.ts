import type { Queryable } from "../../platform/db/database.ts";
import type { AskedTerm } from "./ask-terms.ts";
import { findSimilarTerms } from "./find-similar-terms.ts";
import type { TermCounts } from "./term-statistics.ts";

/** How much less a guessed word counts than one that was asked for. */
const guessedShare = 0.6;

/**
 * Terms to look for with their weights: those asked for that some text holds; for others the word by the rules of the other
 * language in its script, or the words that are written like it.
 *
 * @param isLocal whether a text that is not indexed holds the term.
 */
export const weighTerms = async (
  database: Queryable,
  counts: TermCounts,
  terms: readonly AskedTerm[],
  isLocal: (hash: number) => boolean,
): Promise<Map<number, number>> => {
  const holds = (hash: number) => (counts.found.get(hash) ?? 0) > 0 || isLocal(hash);
  const weights = new Map<number, number>();
  const unknown: string[] = [];
  for (const { hash, otherHash, stem, isWord } of terms) {
    if (holds(hash)) weights.set(hash, 1);
    else if (otherHash !== undefined && holds(otherHash)) weights.set(otherHash, 1);
    else if (isWord) unknown.push(stem);
  }
  const guessed = await findSimilarTerms(
    database,
    counts.collections.map(({ id }) => id),
    unknown,
  );
  for (const forms of guessed.values()) {
    for (const { hash, items, share } of forms) {
      counts.found.set(hash, items);
      weights.set(hash, Math.max(weights.get(hash) ?? 0, guessedShare * share));
    }
  }
  return weights;
};
