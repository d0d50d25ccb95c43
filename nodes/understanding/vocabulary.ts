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

/** How much the groups weigh against each other; measured on public intent sets, flat around these. */
const groupWeights = { words: 1, characters: 1.4, pairs: 1.1 } as const;
/** Rare features weigh more, but less than their inverse document frequency says: texts are short, and many rare words are names. */
const rarityPower = 0.75;

/**
 * Collects the features of the training texts with their weights. Pairs that occur in one text only are left out: they are
 * most of all pairs and tell least.
 */
export const fitVocabulary = (texts: readonly TextFeatures[]): Vocabulary => {
  const counts = new Map<number, number>();
  const pairs = new Set<number>();
  for (const { words, characters, pairs: own } of texts) {
    for (const hash of new Set([...words, ...characters])) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    for (const hash of own) {
      pairs.add(hash);
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
  }
  for (const hash of pairs) if (counts.get(hash) === 1) counts.delete(hash);
  const hashes = Int32Array.from(counts.keys()).sort();
  const weights = new Float32Array(hashes.length);
  for (const [id, hash] of hashes.entries())
    weights[id] = (1 + Math.log((1 + texts.length) / (1 + (counts.get(hash) ?? 0)))) ** rarityPower;
  return { hashes, weights };
};

/** Position of a hash among rising ones, -1 when it is not there. */
export const positionIn = (hashes: Int32Array, hash: number): number => {
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
export const toVector = (features: TextFeatures, vocabulary: Vocabulary): TextVector => {
  const ids: number[] = [];
  const values: number[] = [];
  let known = 0;
  for (const group of ["words", "characters", "pairs"] as const) {
    const counts = new Map<number, number>();
    for (const hash of features[group]) {
      const id = positionIn(vocabulary.hashes, hash);
      if (id < 0) continue;
      if (group !== "pairs") known += 1;
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
    const scale = groupWeights[group] / (Math.sqrt(squares) || 1);
    for (let index = start; index < values.length; index += 1) values[index] = (values[index] as number) * scale;
  }
  const total = features.words.length + features.characters.length;
  return { ids: Int32Array.from(ids), values: Float32Array.from(values), knownShare: total === 0 ? 0 : known / total };
};
