import type { IndexedPart } from "../index/packed-item.ts";

/** Shorter texts repeat by nature: "thank you". */
const fewestTerms = 4;
const alike = 0.9;
/** Found texts that each next one is compared with. */
const mostCompared = 100;

/** The first `most` texts without those that say the same as a better one, word for word or nearly so (by the terms in common). */
export const dropRepeated = <Item extends { readonly part: IndexedPart }>(
  items: readonly Item[],
  most: number,
): Item[] => {
  const kept: { readonly item: Item; readonly terms: ReadonlySet<number> }[] = [];
  for (const item of items) {
    if (kept.length >= most) break;
    const terms = new Set(item.part.text);
    const repeats =
      terms.size >= fewestTerms &&
      kept.slice(0, mostCompared).some((other) => {
        const [small, large] = terms.size < other.terms.size ? [terms, other.terms] : [other.terms, terms];
        if (small.size < alike * large.size) return false;
        let common = 0;
        for (const term of small) if (large.has(term)) common += 1;
        return common >= alike * (terms.size + other.terms.size - common);
      });
    if (!repeats) kept.push({ item, terms });
  }
  return kept.map(({ item }) => item);
};
