import type { TextFeatures } from "./text-features.ts";

/** Features that training saw, by rising hash, each with its weight (rare ones weigh more). */
export interface Vocabulary {
  readonly hashes: Int32Array;
  readonly weights: Float32Array;
}

/** A text as the linear model sees it, and which share of its features training had seen (0 to 1). */
export interface TextVector {
  readonly ids: Int32Array;
  readonly values: Float32Array;
  readonly knownShare: number;
}

/** How much the character n-grams weigh against the words; measured on public intent sets, flat between 1 and 2. */
const characterWeight = 1.4;

/** Collects the features of the training texts with their inverse document frequencies. */
export const fitVocabulary = (texts: readonly TextFeatures[]): Vocabulary => {
  const counts = new Map<number, number>();
  for (const { words, characters } of texts) {
    for (const hash of new Set([...words, ...characters])) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  const hashes = Int32Array.from(counts.keys()).sort();
  const weights = new Float32Array(hashes.length);
  for (const [id, hash] of hashes.entries())
    weights[id] = 1 + Math.log((1 + texts.length) / (1 + (counts.get(hash) ?? 0)));
  return { hashes, weights };
};

const idOf = (hashes: Int32Array, hash: number): number => {
  let low = 0;
  let high = hashes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = hashes[middle] as number;
    if (found === hash) return middle;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
};

/** Turns features into a sparse vector; each group has unit length times its weight, so that long texts do not shout. */
export const toVector = ({ words, characters }: TextFeatures, vocabulary: Vocabulary): TextVector => {
  const ids: number[] = [];
  const values: number[] = [];
  let known = 0;
  for (const [group, weight] of [[words, 1] as const, [characters, characterWeight] as const]) {
    const counts = new Map<number, number>();
    for (const hash of group) {
      const id = idOf(vocabulary.hashes, hash);
      if (id < 0) continue;
      known += 1;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const start = ids.length;
    let squares = 0;
    for (const [id, count] of counts) {
      const value = (1 + Math.log(count)) * (vocabulary.weights[id] as number);
      ids.push(id);
      values.push(value);
      squares += value * value;
    }
    const scale = weight / (Math.sqrt(squares) || 1);
    for (let index = start; index < values.length; index += 1) values[index] = (values[index] as number) * scale;
  }
  const total = words.length + characters.length;
  return { ids: Int32Array.from(ids), values: Float32Array.from(values), knownShare: total === 0 ? 0 : known / total };
};
