import type { IndexedPart } from "../index/packed-item.ts";
import type { Breathe } from "./breather.ts";
import { learnTerms, learntFrom } from "./learn-terms.ts";
import { rarity, saturation } from "./rarity.ts";
import { widenedCandidates } from "./search-index.ts";
import { mostCompared, smoothOverSimilar } from "./similar-candidates.ts";
import { createTermCounter } from "./term-counter.ts";
import type { TermCounts } from "./term-statistics.ts";
import { allFrequencies, createPlaces, type NeighbourOf, type WideItem, widen } from "./widen.ts";

export interface RankRequest {
  readonly counts: TermCounts;
  /** Terms looked for with their weights. */
  readonly weights: ReadonlyMap<number, number>;
  readonly pairs: readonly (readonly [number, number])[];
  /** Candidates, best first, and all parts that are at hand: those and what stands around them. */
  readonly candidates: readonly IndexedPart[];
  readonly parts: readonly IndexedPart[];
  /** Turns beside the best candidates are candidates too. */
  readonly neighbours: boolean;
  /** How many of the parts at hand that are not indexed hold a term, and how many there are. */
  readonly local: { readonly parts: number; readonly found: ReadonlyMap<number, number>; readonly meanLength: number };
  /** Makes counts of further terms known. */
  readonly learn: (hashes: Iterable<number>) => Promise<void>;
  readonly breathe: Breathe;
}

export interface Ranked {
  readonly part: IndexedPart;
  readonly score: number;
  /** Share of what was asked that it and the turns around it hold, rare terms counting more, 0–1. */
  readonly coverage: number;
}

const pairShare = 0.2;
const besideDistance = 2;
const mostTermsToKnow = 6_000;

interface Scored {
  readonly wide: WideItem;
  readonly meanLength: number;
  coverage: number;
  score: number;
}

const withNeighbours = (candidates: readonly IndexedPart[], neighbourOf: NeighbourOf): Set<IndexedPart> => {
  const chosen = new Set(candidates);
  for (const part of candidates.slice(0, widenedCandidates)) {
    for (let distance = 1; distance <= besideDistance; distance += 1) {
      for (const other of [neighbourOf(part, -distance), neighbourOf(part, distance)]) if (other) chosen.add(other);
    }
  }
  return chosen;
};

/** Terms of the best candidates, whose counts learning and likeness need; of very long texts only some. */
const termsToKnow = (scored: readonly Scored[], learnt: readonly ReadonlyMap<number, number>[]): Set<number> => {
  const terms = new Set<number>();
  const take = (hashes: Iterable<number>): void => {
    for (const hash of hashes) if (hash !== 0 && terms.size < mostTermsToKnow) terms.add(hash);
  };
  for (const { wide } of scored.slice(0, mostCompared)) {
    take(wide.part.about);
    take(wide.part.text);
  }
  for (const frequencies of learnt) take(frequencies.keys());
  return terms;
};

/** The exact ranking of candidates: BM25 over them and the turns around them, pairs, learnt terms, likeness. Best first. */
export const rank = async (request: RankRequest): Promise<Ranked[]> => {
  const { counts, weights, pairs, candidates, parts, local, learn, breathe } = request;
  const collections = new Map(counts.collections.map((collection) => [collection.id, collection]));
  const isTurn = ({ collection }: IndexedPart) => collections.get(collection)?.kind !== "chunk";
  const meanOf = ({ collection }: IndexedPart) => collections.get(collection)?.meanLength ?? local.meanLength;
  const meanWideOf = (part: IndexedPart) => collections.get(part.collection)?.meanWideLength ?? 2 * meanOf(part);
  const items = counts.items + local.parts;
  const foundOf = (hash: number) => (counts.found.get(hash) ?? 0) + (local.found.get(hash) ?? 0);
  const rarityOf = (hash: number) => rarity(items, foundOf(hash));
  const neighbourOf = createPlaces(parts, isTurn);

  const asked = [...weights];
  const worths = asked.map(([hash, weight]) => weight * rarityOf(hash));
  const pairWorths = pairs.map(([left, right]) => pairShare * (rarityOf(left) + rarityOf(right)));
  const allWorths = [...worths, ...pairWorths];
  const total = worths.reduce((sum, worth) => sum + worth, 0);
  const countAsked = createTermCounter(
    asked.map(([hash]) => hash),
    pairs,
  );
  const scored: Scored[] = [];
  for (const part of request.neighbours ? withNeighbours(candidates, neighbourOf) : new Set(candidates)) {
    const pause = breathe();
    if (pause) await pause;
    const entry = { wide: widen(part, neighbourOf), meanLength: meanWideOf(part), score: 0, coverage: 0 };
    const frequencies = countAsked(entry.wide);
    for (let place = 0; place < frequencies.length; place += 1) {
      const frequency = frequencies[place]!;
      if (frequency === 0) continue;
      entry.score += allWorths[place]! * saturation(frequency, entry.wide.length, entry.meanLength);
      if (place < worths.length && total > 0) entry.coverage += (worths[place]! * Math.min(1, frequency)) / total;
    }
    scored.push(entry);
  }
  const sort = () => scored.sort((left, right) => right.score - left.score || right.wide.part.seq - left.wide.part.seq);
  sort();

  const best = scored.slice(0, learntFrom).map((entry) => ({
    frequencies: allFrequencies(entry.wide),
    length: entry.wide.length,
    meanLength: entry.meanLength,
    score: entry.score,
  }));
  await learn(
    termsToKnow(
      scored,
      best.map(({ frequencies }) => frequencies),
    ),
  );
  await breathe();
  const learnt = learnTerms(best, items, foundOf);
  const learntWorths = learnt.map(([hash, weight]) => weight * rarityOf(hash));
  const countLearnt = createTermCounter(learnt.map(([hash]) => hash));
  for (const entry of scored) {
    const pause = breathe();
    if (pause) await pause;
    const frequencies = countLearnt(entry.wide);
    for (let place = 0; place < frequencies.length; place += 1) {
      const frequency = frequencies[place]!;
      if (frequency > 0)
        entry.score += learntWorths[place]! * saturation(frequency, entry.wide.length, entry.meanLength);
    }
  }
  sort();
  await breathe();

  const comparable = scored.map(({ wide, score }) => ({ part: wide.part, score }));
  const smoothed = smoothOverSimilar(comparable, meanOf, rarityOf);
  return scored
    .map(({ wide, coverage }, index) => ({ part: wide.part, score: smoothed[index] ?? 0, coverage }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score);
};
