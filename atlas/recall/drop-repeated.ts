/** Shorter texts repeat by nature: "thank you". */
const fewestTerms = 4;
const alike = 0.9;
/** Found texts that each next one is compared with. */
const mostCompared = 100;

/** Whether two sets have at least the share `alike` of all their terms in common. */
const areAlike = (one: ReadonlySet<number>, other: ReadonlySet<number>): boolean => {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  // As many must be common, so that few may be missing: of different texts the first terms tell it.
  let mayMiss = small.size - Math.ceil((alike * (small.size + large.size)) / (1 + alike) - 1e-9);
  if (mayMiss < 0) return false;
  for (const term of small) {
    if (large.has(term)) continue;
    mayMiss -= 1;
    if (mayMiss < 0) return false;
  }
  return true;
};

/**
 * The first `most` items without those that say the same as a better one, word for word or nearly so (by the terms in common).
 * Items whose terms are not known are kept.
 */
export const dropRepeated = <Item>(
  items: readonly Item[],
  most: number,
  termsOf: (item: Item) => Int32Array | undefined,
): Item[] => {
  const kept: Item[] = [];
  const compared: ReadonlySet<number>[] = [];
  for (const item of items) {
    if (kept.length >= most) break;
    const terms = new Set(termsOf(item));
    if (terms.size >= fewestTerms) {
      if (compared.some((other) => areAlike(terms, other))) continue;
      if (compared.length < mostCompared) compared.push(terms);
    }
    kept.push(item);
  }
  return kept;
};
