import { type ClassifierModel, guessIntent, type TextModel } from "./classifier-model.ts";
import { fitConfidence, type JudgedGuess } from "./confidence-model.ts";
import { createRandom, shuffle, trainLinearSvm } from "./linear-svm.ts";
import { type TextFeatures, textFeatures } from "./text-features.ts";
import { fitVocabulary, toVector } from "./vocabulary.ts";
import { fitWordCoverage } from "./word-coverage.ts";

export interface TrainingExample {
  readonly intent: string;
  readonly text: string;
}

const epochs = 6;
const cost = 0.5;
/** Folds trained to learn how sure to be: fewer for many examples, which tell as much in one (and take longer). */
const judgedFolds = (examples: number): number => (examples > 2_000 ? 3 : foldCount);
const foldCount = 5;

interface LabelledTexts {
  readonly texts: readonly TextFeatures[];
  readonly labels: Int32Array;
}

/**
 * Trains the classifier: a linear model over all examples, and a model of how sure it may be, learnt from folds in which
 * some examples and some whole intents are held back (the latter play the subjects that nobody foresaw). `reject` names the
 * intent whose examples are such subjects. Blocks while it runs: call it in a worker.
 */
export const trainClassifier = (examples: readonly TrainingExample[], reject: string): ClassifierModel => {
  const intents = [...new Set(examples.map((example) => example.intent))].sort();
  const indexes = new Map(intents.map((intent, index) => [intent, index]));
  const all: LabelledTexts = {
    texts: examples.map((example) => textFeatures(example.text)),
    labels: Int32Array.from(examples, (example) => indexes.get(example.intent) ?? -1),
  };
  const rejectIndex = indexes.get(reject) ?? -1;
  const confidence = fitConfidence(judgeHeldBack(all, intents.length, rejectIndex));
  return { intents, reject: rejectIndex, confidence, ...trainOn(all, intents.length) };
};

const trainOn = ({ texts, labels }: LabelledTexts, classes: number): TextModel => {
  const vocabulary = fitVocabulary(texts);
  const rows = texts.map((text) => toVector(text, vocabulary));
  const costs = new Float32Array(rows.length).fill(cost);
  return {
    vocabulary,
    coverage: fitWordCoverage(texts, labels, classes),
    linear: trainLinearSvm(rows, labels, { classes, features: vocabulary.hashes.length, epochs, costs }),
  };
};

const judgeHeldBack = ({ texts, labels }: LabelledTexts, classes: number, reject: number): JudgedGuess[] => {
  const random = createRandom();
  const rows = [...texts.keys()];
  shuffle(rows, random);
  const unseen = Array.from({ length: classes }, (_, klass) => klass).filter((klass) => klass !== reject);
  shuffle(unseen, random);
  // With fewer than six intents, holding one back would leave too little of a choice.
  const unseenFold = new Map(unseen.length < 6 ? [] : unseen.map((klass, index) => [klass, index % foldCount]));
  const folds = judgedFolds(texts.length);
  const judged: JudgedGuess[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    // The reject intent's examples are few and tell most: every one is held back once.
    const isHeld = (position: number, row: number) =>
      labels[row] === reject ? position % folds === fold : position % foldCount === fold;
    const isUnseen = (row: number) => unseenFold.get(labels[row]!) === fold;
    const kept = rows.filter((row, position) => !isHeld(position, row) && !isUnseen(row));
    const held = rows.filter((row, position) => isHeld(position, row) || isUnseen(row));
    const trained = trainOn(
      { texts: kept.map((row) => texts[row]!), labels: Int32Array.from(kept, (row) => labels[row]!) },
      classes,
    );
    for (const row of held) {
      const guess = guessIntent(texts[row]!, trained, reject);
      if (!guess || guess.best < 0) continue;
      const { best, signs } = guess;
      const own = best === labels[row] ? "right" : "wrong";
      judged.push({ signs, kind: labels[row] === reject ? "reject" : isUnseen(row) ? "unseen" : own });
    }
  }
  return judged;
};
