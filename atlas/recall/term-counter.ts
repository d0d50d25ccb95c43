import type { IndexedPart } from "../index/packed-item.ts";
import type { WideItem } from "./widen.ts";

/** Places in the list of terms and how often each stands there, in turns: cheaper to go through than a map. */
type Counts = readonly number[];

const none: Counts = [];

/**
 * Counts given terms and pairs of neighbouring terms in candidates and the turns around them. Each part is gone through once,
 * however many candidates it stands beside.
 *
 * @returns the weighted frequency by place in `terms`, and after those in `pairs`; the next call overwrites it.
 */
export const createTermCounter = (
  terms: readonly number[],
  pairs: readonly (readonly [number, number])[] = [],
): ((item: WideItem) => Float64Array) => {
  const size = terms.length + pairs.length;
  const placeOf = new Map(terms.map((hash, place) => [hash, place]));
  const pairsOf = new Map<number, Map<number, number>>();
  pairs.forEach(([left, right], index) => {
    const seconds = pairsOf.get(left) ?? new Map<number, number>();
    pairsOf.set(left, seconds.set(right, terms.length + index));
  });

  const count = (hashes: Int32Array): Counts => {
    let counts: number[] | undefined;
    const add = (place: number): void => {
      counts ??= [];
      for (let at = 0; at < counts.length; at += 2) {
        if (counts[at] === place) {
          counts[at + 1]! += 1;
          return;
        }
      }
      counts.push(place, 1);
    };
    let seconds: Map<number, number> | undefined;
    for (const hash of hashes) {
      const pair = seconds?.get(hash);
      if (pair !== undefined) add(pair);
      const place = placeOf.get(hash);
      if (place !== undefined) add(place);
      seconds = pairsOf.size === 0 ? undefined : pairsOf.get(hash);
    }
    return counts ?? none;
  };

  const known = new Map<IndexedPart, Counts>();
  const inText = (part: IndexedPart): Counts => {
    let counts = known.get(part);
    if (counts === undefined) {
      counts = count(part.text);
      known.set(part, counts);
    }
    return counts;
  };

  const sums = new Float64Array(size);
  return ({ part, around }) => {
    sums.fill(0);
    const add = (counts: Counts, weight: number): void => {
      for (let at = 0; at < counts.length; at += 2) sums[counts[at]!]! += weight * counts[at + 1]!;
    };
    add(inText(part), 1);
    add(count(part.about), 1);
    for (const other of around) add(inText(other.part), other.weight);
    return sums;
  };
};
