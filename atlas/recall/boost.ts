import type { Ranked } from "./rank.ts";

const threadShare = 0.03;
const recencyShare = 0.02;
const halfLifeMinutes = 30 * 24 * 60;

/** Raises what was said in the query's own thread, and lately, by a few per cent: enough to decide between equals. */
export const boost = (ranked: readonly Ranked[], threadKey: string | undefined, now: Date): Ranked[] => {
  const nowMinutes = now.getTime() / 60_000;
  return ranked
    .map((entry) => {
      const age = Math.max(0, nowMinutes - entry.part.minutes);
      const recency = recencyShare * 2 ** (-age / halfLifeMinutes);
      const affinity = entry.part.parent === threadKey ? threadShare : 0;
      return { ...entry, score: entry.score * (1 + recency + affinity) };
    })
    .sort((left, right) => right.score - left.score);
};
