import { type IndexedPart, lengthOf } from "../index/packed-item.ts";
import { saturation } from "./rarity.ts";

/** Texts compared with each other, each's nearest, and what those say about it. */
export const mostCompared = 50;
const nearest = 5;
const share = 0.3;

export interface Comparable {
  readonly part: IndexedPart;
  readonly score: number;
}

/** Weights of a text's own terms, with length 1. */
const vectorOf = (
  part: IndexedPart,
  meanLength: number,
  weightOf: (hash: number) => number,
  numbers: Map<number, number>,
): { readonly terms: Int32Array; readonly values: Float32Array } => {
  const frequencies = new Map<number, number>();
  for (const hashes of [part.text, part.about]) {
    for (const hash of hashes) if (hash !== 0) frequencies.set(hash, (frequencies.get(hash) ?? 0) + 1);
  }
  const length = lengthOf(part);
  const terms = new Int32Array(frequencies.size);
  const values = new Float32Array(frequencies.size);
  let at = 0;
  let squares = 0;
  for (const [hash, frequency] of frequencies) {
    const number = numbers.get(hash) ?? numbers.size;
    numbers.set(hash, number);
    const value = weightOf(hash) * saturation(frequency, length, meanLength);
    terms[at] = number;
    values[at] = value;
    squares += value * value;
    at += 1;
  }
  const norm = Math.sqrt(squares) || 1;
  for (let index = 0; index < at; index += 1) values[index]! /= norm;
  return { terms, values };
};

/**
 * Scores of the best candidates (given best first) smoothed over their likeness: what resembles good candidates rises. The
 * answer has the same order as the input; candidates after the first 50 keep their places behind those.
 */
export const smoothOverSimilar = (
  candidates: readonly Comparable[],
  meanOf: (part: IndexedPart) => number,
  weightOf: (hash: number) => number,
): number[] => {
  const count = Math.min(candidates.length, mostCompared);
  const scores = candidates.map(({ score }) => score);
  if (count < 3) return scores;
  const numbers = new Map<number, number>();
  const vectors = candidates.slice(0, count).map(({ part }) => vectorOf(part, meanOf(part), weightOf, numbers));
  const dense = new Float32Array(numbers.size);
  const likeness = new Float32Array(count * count);
  vectors.forEach(({ terms, values }, one) => {
    for (let index = 0; index < terms.length; index += 1) dense[terms[index]!] = values[index]!;
    for (let other = one + 1; other < count; other += 1) {
      const { terms: otherTerms, values: otherValues } = vectors[other]!;
      let product = 0;
      for (let index = 0; index < otherTerms.length; index += 1)
        product += dense[otherTerms[index]!]! * otherValues[index]!;
      likeness[one * count + other] = product;
      likeness[other * count + one] = product;
    }
    for (let index = 0; index < terms.length; index += 1) dense[terms[index]!] = 0;
  });

  const smoothed = scores.slice(0, count).map((score, one) => {
    const best: number[] = [];
    for (let other = 0; other < count; other += 1) {
      if (other === one) continue;
      const like = likeness[one * count + other]!;
      let place = best.length;
      while (place > 0 && likeness[one * count + best[place - 1]!]! < like) place -= 1;
      if (place < nearest) {
        best.splice(place, 0, other);
        best.length = Math.min(best.length, nearest);
      }
    }
    let weights = 0;
    let sum = 0;
    for (const other of best) {
      weights += likeness[one * count + other]!;
      sum += likeness[one * count + other]! * scores[other]!;
    }
    return (1 - share) * score + share * (weights > 0 ? sum / weights : 0);
  });
  // The rest follows behind the last of the smoothed.
  const floor = Math.min(...smoothed);
  const first = scores[count] ?? 0;
  const rest = scores.slice(count).map((score) => (first > 0 ? (score / first) * Math.min(floor, first) : 0));
  return [...smoothed, ...rest];
};
