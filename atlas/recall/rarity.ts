/** BM25's weight of a term that `found` of `items` hold; above 0 also where counts lag behind. */
export const rarity = (items: number, found: number): number =>
  Math.log(1 + Math.max(items - found + 0.5, 0.5) / (found + 0.5));

/** BM25's share of a term that stands `frequency` times in a text of `length` (k1 1.2, b .75): 1 once in a text of mean length. */
export const saturation = (frequency: number, length: number, meanLength: number): number =>
  (frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * length) / meanLength));
