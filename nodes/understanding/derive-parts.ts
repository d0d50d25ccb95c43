import type { MultiIntentRuleRow } from "../../platform/config/registry.ts";
import { type ClassifierModel, classifyText } from "./classifier-model.ts";
import { compileSegmenter, type Segment, type Segmenter } from "./segment-text.ts";
import { mostParts } from "./split-query.ts";
import { type TrainingExample, trainClassifier } from "./train-classifier.ts";

/** An example that asks for several things; which words ask for which is not said. */
export interface SeveralIntentsExample {
  readonly intents: readonly string[];
  readonly text: string;
  readonly locale: string;
}

export interface DeriveJob {
  /** What is known part by part. */
  readonly examples: readonly TrainingExample[];
  readonly several: readonly SeveralIntentsExample[];
  readonly rules: readonly MultiIntentRuleRow[];
  readonly reject: string;
}

/** The second round hears each text with what the first one learnt. */
const rounds = 2;
const mostSegments = 16;
const widestPart = 8;
const leastChance = 0.002;
/** A reading whose parts are less sure than this on average teaches nothing. */
const leastMean = Math.log(0.25);

/**
 * Cuts examples of several intents into one example for each: of all ways to cut a text at its separators and to give each
 * part one of the intents, the one that a classifier of the other examples finds likeliest. Texts without a likely reading
 * give none. Blocks while it runs: call it in a worker.
 */
export const derivePartExamples = ({ examples, several, rules, reject }: DeriveJob): TrainingExample[] => {
  const segmenter = compileSegmenter(rules);
  let derived: TrainingExample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const known = [...examples, ...derived];
    if (new Set(known.map(({ intent }) => intent)).size < 2) return [];
    const model = trainClassifier(known, reject);
    derived = several.flatMap((example) => alignParts(example, model, segmenter));
  }
  return derived;
};

interface Aligned {
  readonly score: number;
  readonly before?: Aligned;
  readonly part?: TrainingExample;
}

const alignParts = (
  { text, intents, locale }: SeveralIntentsExample,
  model: ClassifierModel,
  segmenter: Segmenter,
): TrainingExample[] => {
  const wanted = [...new Set(intents)];
  const segments = segmenter.segments(text, locale);
  if (wanted.length > mostParts || segments.length < wanted.length || segments.length > mostSegments) return [];
  // Each place in the text keeps the best reading for every set of intents that are already given away, as bits.
  const readings: Map<number, Aligned>[] = segments.map(() => new Map());
  readings.unshift(new Map([[0, { score: 0 }]]));
  for (let end = 1; end <= segments.length; end += 1) {
    for (let start = Math.max(0, end - widestPart); start < end; start += 1)
      extendReadings(readings[start]!, readings[end]!, stretchOf(text, segments, start, end), wanted, model);
  }
  const best = readings.at(-1)!.get((1 << wanted.length) - 1);
  return best && best.score >= leastMean * wanted.length ? partsOf(best) : [];
};

const stretchOf = (text: string, segments: readonly Segment[], start: number, end: number): string =>
  text.slice(segments[start]!.start, segments[end - 1]!.end).trim();

const extendReadings = (
  from: ReadonlyMap<number, Aligned>,
  to: Map<number, Aligned>,
  stretch: string,
  wanted: readonly string[],
  model: ClassifierModel,
): void => {
  if (from.size === 0) return;
  const chances = new Map(classifyText(model, stretch).map(({ intent, confidence }) => [intent, confidence]));
  for (const [given, before] of from) {
    for (const [index, intent] of wanted.entries()) {
      if ((given & (1 << index)) !== 0) continue;
      const score = before.score + Math.log(Math.max(leastChance, chances.get(intent) ?? 0));
      const next = given | (1 << index);
      const present = to.get(next);
      if (!present || score > present.score) to.set(next, { score, before, part: { intent, text: stretch } });
    }
  }
};

const partsOf = (best: Aligned): TrainingExample[] => {
  const parts: TrainingExample[] = [];
  for (let reading: Aligned | undefined = best; reading?.part; reading = reading.before) parts.unshift(reading.part);
  return parts;
};
