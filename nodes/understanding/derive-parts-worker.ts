import { parentPort, workerData } from "node:worker_threads";
import { type DeriveJob, derivePartExamples } from "./derive-parts.ts";

// Runs as a worker thread: examples of several intents in, one example for each of their parts out.
parentPort?.postMessage(derivePartExamples(workerData as DeriveJob));
