import { Worker } from "node:worker_threads";

export interface WorkerData {
  readonly folder: string;
  readonly socketPath: string;
  readonly idleInTransactionMs: number;
}

export interface DatabaseWorker {
  /** Closes the database; when that takes too long, ends the thread (nothing committed is lost either way). */
  stop(): Promise<void>;
}

const stopTimeoutMs = 10_000;

/**
 * Runs the database in a thread of its own, so that a long statement never blocks this one; resolves when it takes connections.
 * `onEnd` is called when the thread ends later, unasked.
 */
export const startWorker = (data: WorkerData, onEnd: (error: Error | undefined) => void): Promise<DatabaseWorker> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./database-worker.ts", import.meta.url), { workerData: data, env: {} });
    let failure: Error | undefined;
    let isReady = false;
    let isStopping = false;
    const ended = new Promise<void>((done) => worker.once("exit", () => done()));
    worker.once("error", (error) => {
      failure = error;
    });
    worker.once("message", () => {
      isReady = true;
      resolve({
        async stop() {
          isStopping = true;
          worker.postMessage("stop");
          const timer = setTimeout(() => void worker.terminate(), stopTimeoutMs);
          await ended;
          clearTimeout(timer);
        },
      });
    });
    ended.then(() => {
      if (!isReady) reject(failure ?? new Error("the database's thread ended before it was ready"));
      else if (!isStopping) onEnd(failure);
    });
  });
