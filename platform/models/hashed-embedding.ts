import { AppError } from "../errors/app-error.ts";

/** Length of the vectors of `athena-embed`; fewer dimensions can be asked for. */
export const hashedDimensions = 384;

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 units with a final mix, so that the sign bit and the bucket are independent. */
const hash = (text: string, seed: number): number => {
  let value = fnvOffset ^ seed;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), fnvPrime);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
};

const word = /[\p{L}\p{N}\p{M}]+/gu;

/** Words, pairs of neighbouring words, and pieces of three to five characters of each word with its edges marked. */
function* features(
  words: Iterable<readonly [word: string, weight: number]>,
): Generator<readonly [feature: string, seed: number, weight: number]> {
  let previous: readonly [word: string, weight: number] | undefined;
  for (const [found, weight] of words) {
    yield [found, 1, weight];
    if (previous !== undefined) yield [`${previous[0]} ${found}`, 2, 0.25 * (previous[1] + weight)];
    previous = [found, weight];
    const marked = `<${found}>`;
    for (let size = 3; size <= 5; size += 1) {
      for (let at = 0; at + size <= marked.length; at += 1) yield [marked.slice(at, at + size), 3, 0.35 * weight];
    }
  }
}

/** The vector of words with weights (1: a word that counts like any other), in order; unit length, undefined without words. */
export const hashWords = (
  words: Iterable<readonly [word: string, weight: number]>,
  dimensions: number,
): Float32Array | undefined => {
  const sums = new Float64Array(dimensions);
  let count = 0;
  for (const [feature, seed, weight] of features(words)) {
    const hashed = hash(feature, seed);
    const bucket = (hashed >>> 1) % dimensions;
    sums[bucket] = (sums[bucket] ?? 0) + (hashed & 1 ? weight : -weight);
    count += 1;
  }
  if (count === 0) return undefined;
  // Damps words that are repeated often.
  return toUnitLength(sums.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value))));
};

/**
 * The vector of a text without any model: hashed word and character pieces, the same on every machine. Unit length; a text
 * without words gets one fixed unit vector.
 * @throws {AppError} INVALID_INPUT when more than 384 or less than one dimension is asked for.
 */
export const hashedEmbedding = (text: string, dimensions: number = hashedDimensions): Float32Array => {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > hashedDimensions) {
    throw new AppError("INVALID_INPUT", `'dimensions' must be a whole number from 1 to ${hashedDimensions}.`, {
      field: "dimensions",
    });
  }
  const words = (text.normalize("NFKC").toLowerCase().match(word) ?? []).map((found) => [found, 1] as const);
  return hashWords(words, dimensions) ?? toUnitLength(new Float32Array(dimensions));
};

/** A vector scaled to length one; the zero vector becomes the first unit vector. */
export const toUnitLength = (vector: ArrayLike<number>): Float32Array => {
  const length = Math.hypot(...chunkNorms(vector));
  const unit = Float32Array.from(vector, (value) => (length > 0 ? value / length : 0));
  if (!(length > 0)) unit[0] = 1;
  return unit;
};

/** `Math.hypot` takes its numbers as arguments: long vectors go in as the lengths of their parts. */
const chunkNorms = (vector: ArrayLike<number>): number[] => {
  const norms: number[] = [];
  for (let at = 0; at < vector.length; at += 1_024) {
    norms.push(Math.hypot(...Array.prototype.slice.call(vector, at, at + 1_024)));
  }
  return norms;
};
