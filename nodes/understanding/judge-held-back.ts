import { classifyText } from "./classifier-model.ts";
import { createRandom, shuffle } from "./linear-svm.ts";
import { type TrainingExample, trainClassifier } from "./train-classifier.ts";

/** An example and what a classifier that had not seen it made of it. */
export interface JudgedExample extends TrainingExample {
  /** The first intent, or the reject intent when none was surer than not. */
  readonly guess: string;
  /** How sure the guess was, 0 to 1. */
  readonly confidence: number;
}

/** Below even odds a guess is none; the default rows' thresholds are the same. */
const leastConfidence = 0.5;

/** Trains without one fold and classifies that one; blocks while it does. */
export const judgeHeldBack = (
  examples: readonly TrainingExample[],
  { fold, folds, reject }: { fold: number; folds: number; reject: string },
): JudgedExample[] => {
  const foldOf = spread(examples, folds);
  const model = trainClassifier(
    examples.filter((_, row) => foldOf[row] !== fold),
    reject,
  );
  return examples
    .filter((_, row) => foldOf[row] === fold)
    .map(({ intent, text }) => {
      const [first] = classifyText(model, text);
      if (first && (first.intent === reject || first.confidence >= leastConfidence))
        return { intent, text, guess: first.intent, confidence: first.confidence };
      return { intent, text, guess: reject, confidence: 1 - (first?.confidence ?? 0) };
    });
};

/** A fold for each example: every intent's examples are shuffled, always alike, and dealt out in turn. */
const spread = (examples: readonly TrainingExample[], folds: number): Int32Array => {
  const order = [...examples.keys()];
  shuffle(order, createRandom());
  const dealt = new Map<string, number>();
  const foldOf = new Int32Array(examples.length);
  for (const row of order) {
    const { intent } = examples[row]!;
    const count = dealt.get(intent) ?? 0;
    foldOf[row] = count % folds;
    dealt.set(intent, count + 1);
  }
  return foldOf;
};
