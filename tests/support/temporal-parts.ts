import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { loadMasterKey } from "../../atlas/master-key.ts";
import type { JobEngine } from "../../workflows/jobs/job-engine.ts";
import { createTemporalEngine } from "../../workflows/jobs/temporal/create-temporal-engine.ts";
import { createTemporalWorker, type TemporalWorkerDeps } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { createDataConverter } from "../../workflows/jobs/temporal/data-converter.ts";
import type { PayloadKey } from "../../workflows/jobs/temporal/payload-codec.ts";
import { payloadKeyOf } from "../../workflows/jobs/temporal/payload-key.ts";
import { loadWorkflowBundle } from "../../workflows/jobs/temporal/workflow-bundle.ts";
import type { EngineParts } from "./job-bench.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const bundles = fileURLToPath(new URL("../../.cache/temporal", import.meta.url));

/** The bundle of the sources as they are, made once for all test files. */
export const testBundle = () => loadWorkflowBundle(bundles);

/** A key for payloads, from a master key of its own for each `secret`. */
export const testPayloadKey = async (secret = "5e".repeat(32)): Promise<PayloadKey> =>
  payloadKeyOf(await loadMasterKey({ ATHENA_MASTER_KEY: secret, dataDir: "" }));

export interface TemporalPartsOptions {
  readonly address: () => string;
  readonly eventsPerRun?: number;
  readonly worker?: Partial<Pick<TemporalWorkerDeps, "concurrency" | "graceMs" | "bundle">>;
}

/** Makes engines that begin jobs and work on them in this process; those of one store share a task queue of their own. */
export const createTemporalParts = ({ address, eventsPerRun, worker: workerOptions = {} }: TemporalPartsOptions) => {
  const queues = new WeakMap<object, string>();
  return async ({ records, work, attempts }: EngineParts): Promise<JobEngine> => {
    const taskQueue = queues.get(records) ?? `jobs-${randomUUID()}`;
    queues.set(records, taskQueue);
    const at = { address: address(), namespace: "default", taskQueue, logger };
    const dataConverter = createDataConverter([await testPayloadKey()]);
    const engine = createTemporalEngine({
      ...at,
      dataConverter,
      records,
      attempts,
      pollMs: 500,
      ...(eventsPerRun === undefined ? {} : { eventsPerRun }),
    });
    const worker = createTemporalWorker({
      ...at,
      dataConverter,
      records,
      work,
      bundle: await testBundle(),
      beatMs: 200,
      graceMs: 10,
      ...workerOptions,
    });
    worker.start();
    return {
      ...engine,
      async stop() {
        await worker.stop();
        await engine.stop();
      },
    };
  };
};
