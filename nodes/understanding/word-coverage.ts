import type { TextFeatures } from "./text-features.ts";
import { positionIn } from "./vocabulary.ts";

/** Which words each intent's examples hold; small beside the linear model, because it knows single words only. */
export interface WordCoverage {
  /** Words by rising hash. */
  readonly hashes: Int32Array;
  /** How rare each is; the last entry is for words that training had not seen. */
  readonly rarity: Float32Array;
  /** In how many of an intent's examples a word stands, at most `enough` (`seen[word * classes + class]`). */
  readonly seen: Uint8Array;
}

/** A word that stands in this many examples of an intent is wholly its own. */
const enough = 5;

export const fitWordCoverage = (texts: readonly TextFeatures[], labels: Int32Array, classes: number): WordCoverage => {
  const counts = new Map<number, number>();
  for (const { distinct } of texts) for (const hash of distinct) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const hashes = Int32Array.from(counts.keys()).sort();
  const rarityOf = (count: number) => Math.log((1 + texts.length) / (1 + count));
  const rarity = new Float32Array(hashes.length + 1);
  for (const [word, hash] of hashes.entries()) rarity[word] = rarityOf(counts.get(hash) ?? 0);
  rarity[hashes.length] = rarityOf(0);
  const seen = new Uint8Array(hashes.length * classes);
  for (const [row, { distinct }] of texts.entries()) {
    for (const hash of distinct) {
      const at = positionIn(hashes, hash) * classes + labels[row]!;
      seen[at] = Math.min(enough, seen[at]! + 1);
    }
  }
  return { hashes, rarity, seen };
};

/**
 * Which share of a text's words an intent's examples know, rare words counting more: at all, and well (both 0 to 1). An
 * intent may win by its verb alone; that its examples never speak of the thing asked for is a sign that nothing answers.
 */
export const coverageOf = (
  distinct: readonly number[],
  { hashes, rarity, seen }: WordCoverage,
  klass: number,
): { known: number; well: number } => {
  const classes = hashes.length === 0 ? 0 : seen.length / hashes.length;
  let known = 0;
  let well = 0;
  let total = 0;
  for (const hash of distinct) {
    const word = positionIn(hashes, hash);
    const weight = rarity[word < 0 ? hashes.length : word] as number;
    const count = word < 0 ? 0 : (seen[word * classes + klass] as number);
    total += weight;
    if (count > 0) known += weight;
    well += (weight * count) / enough;
  }
  return total > 0 ? { known: known / total, well: well / total } : { known: 0, well: 0 };
};
