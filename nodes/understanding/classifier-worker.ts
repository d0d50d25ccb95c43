import { parentPort, workerData } from "node:worker_threads";
import { toBytes } from "./model-file.ts";
import { type TrainingExample, trainClassifier } from "./train-classifier.ts";

export interface TrainingJob {
  readonly examples: readonly TrainingExample[];
  readonly reject: string;
  /** Embeddings of the examples, when they join. */
  readonly vectors?: readonly Float32Array[] | undefined;
}

/** Runs in its own thread: trains once, hands the bytes over and ends. */
const { examples, reject, vectors } = workerData as TrainingJob;
const bytes = toBytes(trainClassifier(examples, reject, vectors));
parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
