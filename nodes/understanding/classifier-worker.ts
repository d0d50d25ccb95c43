import { parentPort, workerData } from "node:worker_threads";
import { toBytes } from "./model-file.ts";
import { type TrainingExample, trainClassifier } from "./train-classifier.ts";

export interface TrainingJob {
  readonly examples: readonly TrainingExample[];
  readonly reject: string;
}

/** Runs in its own thread: trains once, hands the bytes over and ends. */
const { examples, reject } = workerData as TrainingJob;
const bytes = toBytes(trainClassifier(examples, reject));
parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
