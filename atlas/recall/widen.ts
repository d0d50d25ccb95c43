import type { IndexedPart } from "../index/packed-item.ts";

/** Weights of the turns one, two and three away, on both sides. */
const neighbourWeights = [0.3, 0.2, 0.1];
/** Turns further apart in time belong to another conversation in the same thread. */
const longestGapMinutes = 360;

/** Finds parts by their place in a thread. */
export const createPlaces = (parts: readonly IndexedPart[], isTurn: (part: IndexedPart) => boolean) => {
  const threads = new Map<string, Map<number, IndexedPart>>();
  for (const part of parts) {
    if (part.part !== 0 || !isTurn(part)) continue;
    const thread = threads.get(part.parent);
    if (thread) thread.set(part.position, part);
    else threads.set(part.parent, new Map([[part.position, part]]));
  }
  /** The turn so many places away, when it is here and belongs to the same conversation. */
  return (part: IndexedPart, distance: number): IndexedPart | undefined => {
    if (!isTurn(part)) return undefined;
    const other = threads.get(part.parent)?.get(part.position + distance);
    return other && Math.abs(other.minutes - part.minutes) <= longestGapMinutes ? other : undefined;
  };
};
export type NeighbourOf = ReturnType<typeof createPlaces>;

/** A candidate with the turns around it, whose words count for it by their weights. */
export interface WideItem {
  readonly part: IndexedPart;
  readonly around: readonly { readonly part: IndexedPart; readonly weight: number }[];
  readonly length: number;
}

export const widen = (part: IndexedPart, neighbourOf: NeighbourOf): WideItem => {
  const around: { part: IndexedPart; weight: number }[] = [];
  let length = part.text.length;
  for (const hash of part.about) if (hash !== 0) length += 1;
  neighbourWeights.forEach((weight, index) => {
    for (const distance of [-index - 1, index + 1]) {
      const other = neighbourOf(part, distance);
      if (!other) continue;
      around.push({ part: other, weight });
      length += weight * other.text.length;
    }
  });
  return { part, around, length };
};

/** Every term of a candidate and the turns around it, with its weighted frequency. */
export const allFrequencies = ({ part, around }: WideItem): Map<number, number> => {
  const frequencies = new Map<number, number>();
  const add = (hashes: Int32Array, weight: number): void => {
    for (const hash of hashes) if (hash !== 0) frequencies.set(hash, (frequencies.get(hash) ?? 0) + weight);
  };
  add(part.text, 1);
  add(part.about, 1);
  for (const other of around) add(other.part.text, other.weight);
  return frequencies;
};
