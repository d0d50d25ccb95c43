import { type ConfidenceModel, confidenceOf, type GuessSigns } from "./confidence-model.ts";
import { type LinearModel, scoreInto } from "./linear-svm.ts";
import { type TextFeatures, textFeatures } from "./text-features.ts";
import { scoreVector, type VectorHead } from "./vector-head.ts";
import { toVector, type Vocabulary } from "./vocabulary.ts";
import { coverageOf, type WordCoverage } from "./word-coverage.ts";

/** What one training gives: which features there are, and what they say. */
export interface TextModel {
  readonly vocabulary: Vocabulary;
  readonly coverage: WordCoverage;
  readonly linear: LinearModel;
}

/** Everything that classification needs; plain typed arrays, so a worker can hand it over without copying. */
export interface ClassifierModel extends TextModel {
  readonly intents: readonly string[];
  /** Index of the intent that stands for "none of these", or -1. */
  readonly reject: number;
  readonly confidence: ConfidenceModel;
  /** Present when the examples were embedded too. */
  readonly vectors?: VectorHead;
}

export interface RankedIntent {
  readonly intent: string;
  /** Chance that this is what is asked, 0 to 1; calibrated for the first one. */
  readonly confidence: number;
}

/**
 * The best intent apart from the reject one, by index, and the signs that tell how good a guess it is; all scores too.
 * `further`: what else speaks for each intent, added to what the words say. Undefined when there is nothing to go by.
 */
export const guessIntent = (
  features: TextFeatures,
  { vocabulary, coverage, linear }: TextModel,
  reject: number,
  further?: Float32Array,
): { scores: Float32Array; best: number; signs: GuessSigns } | undefined => {
  const vector = toVector(features, vocabulary);
  if (vector.ids.length === 0 && !further) return undefined;
  const scores = new Float32Array(linear.classes);
  scoreInto(scores, vector, linear);
  if (further) for (let klass = 0; klass < scores.length; klass += 1) scores[klass]! += further[klass] as number;
  let best = -1;
  let second = -1;
  for (let klass = 0; klass < scores.length; klass += 1) {
    if (klass === reject) continue;
    if (best < 0 || scores[klass]! > scores[best]!) {
      second = best;
      best = klass;
    } else if (second < 0 || scores[klass]! > scores[second]!) second = klass;
  }
  const top = scores[best] ?? -1;
  const { known, well } = coverageOf(features.distinct, coverage, Math.max(0, best));
  const overSecond = top - (scores[second] ?? top - 1);
  const overReject = reject < 0 ? 0 : top - scores[reject]!;
  return { scores, best, signs: [top, overSecond, overReject, vector.knownShare, known, well] };
};

/**
 * Intents for a text, likeliest first, at most five. The reject intent takes part with what the best one leaves over; an
 * empty text and one without any known feature give none. An embedding of the text joins when the model knows its kind.
 */
export const classifyText = (model: ClassifierModel, text: string, vector?: Float32Array): RankedIntent[] => {
  const { vectors: head } = model;
  const further = head && vector && scoreVector(vector, head.linear)?.map((score) => score * head.weight);
  const guess = guessIntent(textFeatures(text), model, model.reject, further);
  if (!guess) return [];
  const { scores, best, signs } = guess;
  if (best < 0) return [{ intent: model.intents[model.reject]!, confidence: 1 }];
  const confidence = confidenceOf(head && further ? head.confidence : model.confidence, signs);
  const shares = scores.map((score, klass) => (klass === best ? 0 : Math.exp(4 * Math.min(2, score))));
  const total = shares.reduce((sum, share) => sum + share, 0) || 1;
  return (
    model.intents
      // No other intent comes before the best one, however unsure that is; only the reject intent may.
      .map((intent, klass) => ({
        intent,
        confidence:
          klass === best
            ? confidence
            : Math.min(klass === model.reject ? 1 : confidence, ((1 - confidence) * shares[klass]!) / total),
      }))
      .sort(
        (left, right) =>
          right.confidence - left.confidence ||
          Number(right.intent === model.intents[best]) - Number(left.intent === model.intents[best]),
      )
      .slice(0, 5)
  );
};
