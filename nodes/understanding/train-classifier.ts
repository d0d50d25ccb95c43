import { type ClassifierModel, guessIntent, type TextModel } from "./classifier-model.ts";
import { fitConfidence, type JudgedGuess } from "./confidence-model.ts";
import { addFeatureShares } from "./feature-shares.ts";
import { createRandom, type LinearModel, shuffle, trainLinearSvm } from "./linear-svm.ts";
import { type TextFeatures, textFeatures } from "./text-features.ts";
import { denseRow, scoreVector } from "./vector-head.ts";
import { fitVocabulary, toVector } from "./vocabulary.ts";
import { fitWordCoverage } from "./word-coverage.ts";

export interface TrainingExample {
  readonly intent: string;
  readonly text: string;
}

const epochs = 6;
const cost = 0.5;
/** Folds trained to learn how sure to be: fewer for many examples, which tell as much in one (and take longer). */
const judgedFolds = (examples: number): number => {
  if (examples > 10_000) return 2;
  return examples > 2_000 ? 3 : foldCount;
};
const foldCount = 5;

interface Labelled {
  readonly texts: readonly TextFeatures[];
  readonly labels: Int32Array;
  /** Embeddings of the texts, all of one length; undefined: none. */
  readonly vectors?: readonly Float32Array[] | undefined;
}

interface Trained extends TextModel {
  readonly vectorLinear?: LinearModel;
}

/** How much the embeddings may count beside the words: the one with most right guesses on unseen texts, of equals the first. */
const vectorWeights = [1, 2, 0.5, 4];

/**
 * Trains the classifier: a linear model over all examples, and a model of how sure it may be, learnt from folds in which
 * some examples and some whole intents are held back (the latter play the subjects that nobody foresaw). `reject` names the
 * intent whose examples are such subjects. `vectors`: an embedding of each example, for a second linear model beside the
 * first. Blocks while it runs: call it in a worker.
 */
export const trainClassifier = (
  examples: readonly TrainingExample[],
  reject: string,
  vectors?: readonly Float32Array[],
): ClassifierModel => {
  const intents = [...new Set(examples.map((example) => example.intent))].sort();
  const indexes = new Map(intents.map((intent, index) => [intent, index]));
  const all: Labelled = {
    texts: examples.map((example) => textFeatures(example.text)),
    labels: Int32Array.from(examples, (example) => indexes.get(example.intent) ?? -1),
    vectors,
  };
  const rejectIndex = indexes.get(reject) ?? -1;
  const judged = judgeHeldBack(all, intents.length, rejectIndex);
  const { vectorLinear, ...trained } = trainOn(all, intents.length);
  const plain = { intents, reject: rejectIndex, confidence: fitConfidence(judged.get(0) ?? []), ...trained };
  if (!vectorLinear) return plain;
  const rights = (weight: number) => judged.get(weight)?.filter(({ kind }) => kind === "right").length ?? 0;
  const weight = vectorWeights.reduce((best, next) => (rights(next) > rights(best) ? next : best));
  return { ...plain, vectors: { linear: vectorLinear, weight, confidence: fitConfidence(judged.get(weight) ?? []) } };
};

const trainOn = ({ texts, labels, vectors }: Labelled, classes: number): Trained => {
  const vocabulary = fitVocabulary(texts);
  const rows = texts.map((text) => toVector(text, vocabulary));
  const costs = new Float32Array(rows.length).fill(cost);
  const features = vectors?.[0]?.length ?? 0;
  const linear = trainLinearSvm(rows, labels, { classes, features: vocabulary.hashes.length, epochs, costs });
  addFeatureShares(linear, rows, labels);
  return {
    vocabulary,
    coverage: fitWordCoverage(texts, labels, classes),
    linear,
    ...(vectors && features > 0
      ? { vectorLinear: trainLinearSvm(vectors.map(denseRow), labels, { classes, features, epochs, costs }) }
      : {}),
  };
};

/** Guesses on examples that were held back, by how much embeddings counted; 0: not at all. */
const judgeHeldBack = ({ texts, labels, vectors }: Labelled, classes: number, reject: number) => {
  const random = createRandom();
  const rows = [...texts.keys()];
  shuffle(rows, random);
  const unseen = Array.from({ length: classes }, (_, klass) => klass).filter((klass) => klass !== reject);
  shuffle(unseen, random);
  // With fewer than six intents, holding one back would leave too little of a choice.
  const unseenFold = new Map(unseen.length < 6 ? [] : unseen.map((klass, index) => [klass, index % foldCount]));
  const folds = judgedFolds(texts.length);
  const judged = new Map<number, JudgedGuess[]>([0, ...(vectors ? vectorWeights : [])].map((weight) => [weight, []]));
  for (let fold = 0; fold < folds; fold += 1) {
    // The reject intent's examples are few and tell most: every one is held back once.
    const isHeld = (position: number, row: number) =>
      labels[row] === reject ? position % folds === fold : position % foldCount === fold;
    const isUnseen = (row: number) => unseenFold.get(labels[row]!) === fold;
    const kept = rows.filter((row, position) => !isHeld(position, row) && !isUnseen(row));
    const held = rows.filter((row, position) => isHeld(position, row) || isUnseen(row));
    const trained = trainOn(
      {
        texts: kept.map((row) => texts[row]!),
        labels: Int32Array.from(kept, (row) => labels[row]!),
        vectors: vectors && kept.map((row) => vectors[row]!),
      },
      classes,
    );
    for (const row of held) {
      const vector = vectors?.[row];
      const byVector = vector && trained.vectorLinear && scoreVector(vector, trained.vectorLinear);
      for (const [weight, guesses] of judged) {
        const further = weight === 0 ? undefined : byVector?.map((score) => score * weight);
        const guess = guessIntent(texts[row]!, trained, reject, further);
        if (!guess || guess.best < 0) continue;
        const own = guess.best === labels[row] ? "right" : "wrong";
        const kind = labels[row] === reject ? "reject" : isUnseen(row) ? "unseen" : own;
        guesses.push({ signs: guess.signs, kind });
      }
    }
  }
  return judged;
};
