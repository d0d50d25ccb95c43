import { Worker } from "node:worker_threads";
import { AppError } from "../../platform/errors/app-error.ts";
import type { CrossValidationJob, CrossValidationMessage } from "./cross-validation-worker.ts";
import type { JudgedExample } from "./judge-held-back.ts";
import type { TrainingExample } from "./train-classifier.ts";

export interface CrossValidationOptions {
  /** Parts that the examples are split into, each judged by what the others teach; 2 to 20. */
  readonly folds: number;
  /** The intent that stands for "none of these". */
  readonly reject?: string;
  readonly signal?: AbortSignal;
  /** Which examples the report is about; all are learnt from. Without it: all. */
  readonly reported?: (example: TrainingExample) => boolean;
  /** Called after each fold. */
  readonly onFold?: (done: number, folds: number) => void;
}

export interface IntentAccuracy {
  readonly intent: string;
  readonly examples: number;
  /** Share of them that would be understood without being an example, 0 to 1. */
  readonly accuracy: number;
}

export interface Confusion {
  readonly intent: string;
  readonly guess: string;
  readonly count: number;
}

export interface CrossValidation {
  /** Share of all examples that would be understood without being an example, 0 to 1; NaN without examples. */
  readonly accuracy: number;
  /** Worst first. */
  readonly byIntent: readonly IntentAccuracy[];
  /** Most frequent first; an intent is never confused with itself. */
  readonly confusions: readonly Confusion[];
  /** Examples that the others contradict, surest contradiction first. */
  readonly weakExamples: readonly JudgedExample[];
}

/**
 * Tells how well examples teach each other: every one is classified by a model that was trained without its part, in a
 * thread of its own. The parts are the same on each run, and each intent is spread evenly over them.
 * @throws {AppError} INVALID_INPUT for other numbers of folds; INTERNAL when training fails. Rejects with the signal's reason.
 */
export const crossValidate = async (
  examples: readonly TrainingExample[],
  { folds, reject = "chat", signal, reported = () => true, onFold }: CrossValidationOptions,
): Promise<CrossValidation> => {
  if (!Number.isInteger(folds) || folds < 2 || folds > 20)
    throw new AppError("INVALID_INPUT", "Cross-validation takes 2 to 20 folds.");
  signal?.throwIfAborted();
  const plain = examples.map(({ intent, text }) => ({ intent, text }));
  const judged: JudgedExample[] = [];
  const take = (message: CrossValidationMessage) => {
    judged.push(...message.judged.filter(reported));
    onFold?.(message.fold + 1, folds);
  };
  await runWorker({ examples: plain, folds, reject }, take, signal);
  return summarise(judged);
};

const runWorker = async (
  job: CrossValidationJob,
  take: (message: CrossValidationMessage) => void,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const worker = new Worker(new URL("./cross-validation-worker.ts", import.meta.url), {
    workerData: job,
    name: "classifier-cross-validation",
  });
  const end = () => void worker.terminate();
  signal?.addEventListener("abort", end, { once: true });
  try {
    await new Promise<void>((resolve, fail) => {
      worker.on("message", take);
      worker.once("error", fail);
      worker.once("exit", () => resolve());
    });
  } catch (cause) {
    throw new AppError("INTERNAL", "The intent classifier could not be cross-validated.", { cause });
  } finally {
    signal?.removeEventListener("abort", end);
  }
  signal?.throwIfAborted();
};

const summarise = (judged: readonly JudgedExample[]): CrossValidation => {
  const wrong = judged.filter(({ intent, guess }) => guess !== intent);
  const share = (missed: number, all: number) => (all === 0 ? Number.NaN : (all - missed) / all);
  const byIntent = [...new Set(judged.map(({ intent }) => intent))].map((intent): IntentAccuracy => {
    const own = judged.filter((row) => row.intent === intent);
    const missed = own.filter(({ guess }) => guess !== intent).length;
    return { intent, examples: own.length, accuracy: share(missed, own.length) };
  });
  const pairs = Map.groupBy(wrong, ({ intent, guess }) => `${intent}\n${guess}`);
  const confusions = [...pairs.values()].map(
    (rows): Confusion => ({ intent: rows[0]!.intent, guess: rows[0]!.guess, count: rows.length }),
  );
  const byName = (left: { intent: string }, right: { intent: string }) => (left.intent < right.intent ? -1 : 1);
  return {
    accuracy: share(wrong.length, judged.length),
    byIntent: byIntent.sort((left, right) => left.accuracy - right.accuracy || byName(left, right)),
    confusions: confusions.sort((left, right) => right.count - left.count || byName(left, right)),
    weakExamples: wrong.sort((left, right) => right.confidence - left.confidence || byName(left, right)),
  };
};
