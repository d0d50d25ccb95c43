import { z } from "zod";
import { createExampleClassifier } from "../../nodes/understanding/example-classifier.ts";
import type { EvalOptions, EvalTask } from "./eval-task.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Row = z.object({ text: z.string(), intent: z.string() });
type Row = z.infer<typeof Row>;

interface Judged {
  readonly truth: string;
  readonly guess: string;
  readonly confidence: number;
}

/** The label of subjects that no intent covers, as CLINC150 writes it. */
const outOfScope = "oos";
const logger = { info: () => undefined, warn: () => undefined };

const judge = async (train: readonly Row[], tests: readonly (readonly Row[])[], label: string) => {
  const classifier = createExampleClassifier({ logger, reject: outOfScope });
  const started = performance.now();
  await classifier.train(train, label);
  const trainSeconds = (performance.now() - started) / 1_000;
  const progress = createProgress(
    tests.reduce((sum, rows) => sum + rows.length, 0),
    label,
  );
  let spent = 0;
  const judged = tests.map((rows) =>
    rows.map(({ text, intent }): Judged => {
      const at = performance.now();
      const best = classifier.classify(text).find((ranked) => ranked.intent !== outOfScope);
      spent += performance.now() - at;
      progress.step();
      return { truth: intent, guess: best?.intent ?? outOfScope, confidence: best?.confidence ?? 0 };
    }),
  );
  progress.end();
  await classifier.stop();
  return { judged, trainSeconds, classifyMs: spent / Math.max(1, tests.flat().length) };
};

const share = (rows: readonly Judged[], right: (row: Judged) => boolean): number =>
  rows.length === 0 ? Number.NaN : rows.filter(right).length / rows.length;
const inScope = (rows: readonly Judged[]) => rows.filter(({ truth }) => truth !== outOfScope);
const outside = (rows: readonly Judged[]) => rows.filter(({ truth }) => truth === outOfScope);

const balancedAt = (rows: readonly Judged[], threshold: number) => ({
  inScope: share(inScope(rows), (row) => row.guess === row.truth && row.confidence >= threshold),
  oos: share(outside(rows), (row) => row.confidence < threshold),
});

/** The threshold with the highest mean of in-scope accuracy and out-of-scope recall. */
const balancedThreshold = (rows: readonly Judged[]): number => {
  let best = { threshold: 0, mean: -1 };
  for (const threshold of new Set(rows.map(({ confidence }) => confidence))) {
    const at = balancedAt(rows, threshold);
    const mean = (at.inScope + at.oos) / 2;
    if (mean > best.mean) best = { threshold, mean };
  }
  return best.threshold;
};

const crossValidate = async (rows: readonly Row[], folds: number) => {
  const judged: Judged[] = [];
  let trainSeconds = 0;
  let classifyMs = 0;
  // Rows of one intent stand together in these files, so every fold takes each n-th one.
  for (let fold = 0; fold < folds; fold += 1) {
    const held = rows.filter((_, index) => index % folds === fold);
    const outcome = await judge(
      rows.filter((_, index) => index % folds !== fold),
      [held],
      `fold ${fold + 1}`,
    );
    judged.push(...outcome.judged.flat());
    trainSeconds += outcome.trainSeconds / folds;
    classifyMs += outcome.classifyMs / folds;
  }
  return {
    rows: judged.length,
    metrics: {
      accuracy: share(inScope(judged), (row) => row.guess === row.truth),
      train_seconds: trainSeconds,
      classify_ms: classifyMs,
    },
  };
};

/** Accuracy of the example tier, through the product's own classifier: on a test file, or cross-validated on the training file. */
const evaluateIntents = async ({ train = "", val, test, folds = "5" }: EvalOptions) => {
  const rows = readRows(train, Row);
  if (test === undefined) return crossValidate(rows, Number(folds));
  const tests = [readRows(test, Row), val === undefined ? [] : readRows(val, Row)];
  const { judged, trainSeconds, classifyMs } = await judge(rows, tests, "test");
  const [tested = [], validated = []] = judged;
  const balanced = validated.length > 0 ? balancedAt(tested, balancedThreshold(validated)) : undefined;
  return {
    rows: tested.length,
    metrics: {
      accuracy: share(inScope(tested), (row) => row.guess === row.truth),
      ...(balanced ? { balanced_in_scope: balanced.inScope, balanced_oos: balanced.oos } : {}),
      train_seconds: trainSeconds,
      classify_ms: classifyMs,
    },
  };
};

export const intentsTask: EvalTask = {
  name: "intents",
  usage: "--train FILE [--val FILE] (--test FILE | --folds N)",
  summary: "One intent per text: the example tier on a test file, or cross-validated on the training file.",
  baselines: [
    {
      system: "linear SVM, CLINC150 test",
      metrics: { accuracy: 0.927, balanced_in_scope: 0.882, balanced_oos: 0.848 },
    },
    {
      system: "logistic regression, CLINC150 test",
      metrics: { accuracy: 0.925, balanced_in_scope: 0.887, balanced_oos: 0.845 },
    },
    { system: "linear SVM, HWU64 fold 1", metrics: { accuracy: 0.882 } },
    { system: "linear SVM, SNIPS", metrics: { accuracy: 0.986 } },
    { system: "linear SVM, BANKING77", metrics: { accuracy: 0.912 } },
  ],
  accepts: ({ train, test, folds }) => train !== undefined && (test !== undefined || Number(folds) >= 2),
  run: evaluateIntents,
};
