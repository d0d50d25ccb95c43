import { rarity, saturation } from "./rarity.ts";

/** Best candidates that are learnt from, terms that are taken, and how much they count. */
export const learntFrom = 5;
const mostTerms = 50;
const share = 0.3;

export interface GoodText {
  readonly frequencies: ReadonlyMap<number, number>;
  readonly length: number;
  readonly meanLength: number;
  readonly score: number;
}

/** Terms that the best candidates have in common beyond the question, weighted: what else texts on this subject say. */
export const learnTerms = (
  best: readonly GoodText[],
  items: number,
  foundOf: (hash: number) => number,
): readonly (readonly [hash: number, weight: number])[] => {
  const total = best.reduce((sum, { score }) => sum + score, 0);
  if (total <= 0) return [];
  const values = new Map<number, number>();
  for (const { frequencies, length, meanLength, score } of best) {
    for (const [hash, frequency] of frequencies) {
      const found = foundOf(hash);
      if (found < 2) continue;
      const value = (score / total) * rarity(items, found) * saturation(frequency, length, meanLength);
      values.set(hash, (values.get(hash) ?? 0) + value);
    }
  }
  const chosen = [...values].sort((left, right) => right[1] - left[1]).slice(0, mostTerms);
  const highest = chosen[0]?.[1] ?? 1;
  return chosen.map(([hash, value]) => [hash, (share * value) / highest]);
};
