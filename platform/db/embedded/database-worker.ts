import { chmodSync, rmSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { openPglite } from "./open-pglite.ts";
import { createSessionBridge } from "./session-bridge.ts";
import type { WorkerData } from "./start-worker.ts";

const { folder, socketPath, idleInTransactionMs } = workerData as WorkerData;
const database = await openPglite(folder);
const bridge = createSessionBridge({
  database,
  idleInTransactionMs,
  // The parent starts a new worker, and PostgreSQL recovers from its log.
  onBroken: (error) => {
    throw new Error("PGlite broke off", { cause: error });
  },
});

// One that a killed process left; the data folder's lock says that nobody listens there.
rmSync(socketPath, { force: true });
bridge.listen(socketPath, () => {
  chmodSync(socketPath, 0o600);
  parentPort?.postMessage("ready");
});

parentPort?.once("message", () => {
  bridge.close(async () => {
    await database.close();
    process.exit(0);
  });
});
