import { parentPort, workerData } from "node:worker_threads";
import { type JudgedExample, judgeHeldBack } from "./judge-held-back.ts";
import type { TrainingExample } from "./train-classifier.ts";

export interface CrossValidationJob {
  readonly examples: readonly TrainingExample[];
  readonly folds: number;
  readonly reject: string;
}

export interface CrossValidationMessage {
  readonly fold: number;
  readonly judged: readonly JudgedExample[];
}

/** Runs in its own thread: judges fold after fold, hands each over when it is done and ends. */
const { examples, folds, reject } = workerData as CrossValidationJob;
for (let fold = 0; fold < folds; fold += 1) {
  const message: CrossValidationMessage = { fold, judged: judgeHeldBack(examples, { fold, folds, reject }) };
  parentPort?.postMessage(message);
}
