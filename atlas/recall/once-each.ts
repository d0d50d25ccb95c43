import type { Recalled } from "../timeline.ts";

/** A message this much longer than the fact says more than it. */
const mostLonger = 1.5;

/**
 * A fact and the short message that states it say the same: the fact stays, in the better place of the two.
 * @param fragments best first
 */
export const onceEach = (fragments: readonly Recalled[]): Recalled[] => {
  const facts = new Map(fragments.flatMap((item) => (item.fact ? [[item.messageId, item] as const] : [])));
  const shown = new Set<Recalled>();
  const kept: Recalled[] = [];
  for (const item of fragments) {
    const fact = item.fact || item.document ? undefined : facts.get(item.messageId);
    const chosen = fact && item.content.length <= mostLonger * fact.content.length ? fact : item;
    if (shown.has(chosen)) continue;
    shown.add(chosen);
    kept.push({ ...chosen, score: item.score });
  }
  return kept;
};
