export interface FusedItem {
  readonly id: string;
  readonly score: number;
  /** What found it: `text`, or the first source that did. */
  readonly layer: string;
}

export interface SourceFinds {
  readonly name: string;
  readonly weight: number;
  readonly scale?: "share";
  readonly finds: readonly { readonly id: string; readonly score: number }[];
}

/**
 * Joins full text's ranking with what other sources found: their scores, scaled to their own best, are added as shares of full
 * text's best. Measured better than joining ranks, which lets a weaker source pull down what words found for certain.
 */
export const fuse = (
  text: readonly { readonly id: string; readonly score: number }[],
  sources: readonly SourceFinds[],
): FusedItem[] => {
  const items = new Map<string, FusedItem>(text.map(({ id, score }) => [id, { id, score, layer: "text" }]));
  const best = text.reduce((most, { score }) => Math.max(most, score), 0) || 1;
  for (const { name, weight, scale, finds } of sources) {
    const top = scale === "share" ? 1 : finds.reduce((most, { score }) => Math.max(most, score), 0);
    if (!(top > 0)) continue;
    for (const { id, score } of finds) {
      const known = items.get(id);
      const added = (weight * best * Math.max(0, score)) / top;
      items.set(id, { id, score: (known?.score ?? 0) + added, layer: known?.layer ?? name });
    }
  }
  return [...items.values()].sort((left, right) => right.score - left.score);
};
