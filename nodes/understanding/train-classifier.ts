import { type ClassifierModel, firstGuess } from "./classifier-model.ts";
import { fitConfidence, type JudgedGuess } from "./confidence-model.ts";
import { createRandom, type LinearModel, scoreInto, shuffle, trainLinearSvm } from "./linear-svm.ts";
import { type TextFeatures, textFeatures } from "./text-features.ts";
import { fitVocabulary, toVector, type Vocabulary } from "./vocabulary.ts";

export interface TrainingExample {
  readonly intent: string;
  readonly text: string;
}

const epochs = 6;
const cost = 1;
/** Folds trained to learn how sure to be: fewer for many examples, which tell as much in one (and take longer). */
const judgedFolds = (examples: number): number => (examples > 4_000 ? 1 : examples > 1_000 ? 2 : 5);

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
  const { vocabulary, linear } = trainOn(all, intents.length);
  return { intents, reject: rejectIndex, vocabulary, linear, confidence };
};

const trainOn = (
  { texts, labels }: LabelledTexts,
  classes: number,
): { vocabulary: Vocabulary; linear: LinearModel } => {
  const vocabulary = fitVocabulary(texts);
  const rows = texts.map((text) => toVector(text, vocabulary));
  return {
    vocabulary,
    linear: trainLinearSvm(rows, labels, { classes, features: vocabulary.hashes.length, epochs, cost }),
  };
};

const foldCount = 5;

const judgeHeldBack = ({ texts, labels }: LabelledTexts, classes: number, reject: number): JudgedGuess[] => {
  const random = createRandom();
  const rows = [...texts.keys()];
  shuffle(rows, random);
  const unseen = Array.from({ length: classes }, (_, klass) => klass).filter((klass) => klass !== reject);
  shuffle(unseen, random);
  // With fewer than six intents, holding one back would leave too little of a choice.
  const unseenFold = new Map(unseen.length < 6 ? [] : unseen.map((klass, index) => [klass, index % foldCount]));
  const judged: JudgedGuess[] = [];
  const scores = new Float32Array(classes);
  for (let fold = 0; fold < judgedFolds(texts.length); fold += 1) {
    const isHeld = (position: number, row: number) =>
      position % foldCount === fold || unseenFold.get(labels[row]!) === fold;
    const kept = rows.filter((row, position) => !isHeld(position, row));
    const held = rows.filter((row, position) => isHeld(position, row));
    const { vocabulary, linear } = trainOn(
      { texts: kept.map((row) => texts[row]!), labels: Int32Array.from(kept, (row) => labels[row]!) },
      classes,
    );
    for (const row of held) {
      const vector = toVector(texts[row]!, vocabulary);
      scoreInto(scores, vector, linear);
      const { best, signs } = firstGuess(scores, reject, vector);
      if (best >= 0)
        judged.push({ signs, kind: labels[row] === reject ? "reject" : best === labels[row] ? "right" : "wrong" });
    }
  }
  return judged;
};
