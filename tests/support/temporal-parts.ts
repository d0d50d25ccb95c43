import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { loadMasterKey } from "../../atlas/master-key.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import {
  createTemporalEngine,
  type TemporalEngine,
  type TemporalEngineDeps,
} from "../../workflows/jobs/temporal/create-temporal-engine.ts";
import { createTemporalWorker, type TemporalWorkerDeps } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { createDataConverter } from "../../workflows/jobs/temporal/data-converter.ts";
import type { PayloadKey } from "../../workflows/jobs/temporal/payload-codec.ts";
import { payloadKeyOf } from "../../workflows/jobs/temporal/payload-key.ts";
import { loadWorkflowBundle } from "../../workflows/jobs/temporal/workflow-bundle.ts";
import type { EngineParts, EngineUnderTest } from "./job-bench.ts";
import { type KeptWorkers, keepWorkers, type WorkerParts } from "./kept-workers.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const bundles = fileURLToPath(new URL("../../.cache/temporal", import.meta.url));

/** The bundle of the sources as they are, made once for all test files. */
export const testBundle = () => loadWorkflowBundle(bundles);

/** A key for payloads, from a master key of its own for each `secret`. */
export const testPayloadKey = async (secret = "5e".repeat(32)): Promise<PayloadKey> =>
  payloadKeyOf(await loadMasterKey({ ATHENA_MASTER_KEY: secret, dataDir: "" }));

export interface TemporalPartsOptions {
  readonly address: () => string;
  readonly engine?: Partial<
    Pick<TemporalEngineDeps, "eventsPerRun" | "mostTries" | "compareMs" | "pollerSilenceMs" | "silenceMs" | "timeoutMs">
  >;
  readonly worker?: Partial<Pick<TemporalWorkerDeps, "concurrency" | "graceMs" | "bundle" | "deploymentName">> & {
    /** Undefined: as often as workers do. */
    readonly beatMs?: number | undefined;
  };
  /** For stores one after another: a new queue costs Temporal about a second. Default: one for each store. */
  readonly taskQueue?: string;
  /** Of the worker only; default: the engine's. */
  readonly workerSecret?: string;
  /** Where workers wait for the next test, with the same options and `taskQueue` always; default: each engine has its own. */
  readonly kept?: KeptWorkers;
}

const queues = new WeakMap<object, string>();
const queueOf = (records: object): string => {
  const queue = queues.get(records) ?? `jobs-${randomUUID()}`;
  queues.set(records, queue);
  return queue;
};

type CrewEngineParts = Pick<EngineParts, "records" | "attempts"> & { readonly work: TaskWork };

/** Makes engines that begin jobs and work on them in this process; those of one store share a task queue of their own. */
export const createTemporalParts =
  ({
    address,
    engine: engineOptions = {},
    worker: workerOptions = {},
    taskQueue,
    workerSecret,
    kept,
  }: TemporalPartsOptions) =>
  async ({ records, work, attempts }: CrewEngineParts): Promise<TemporalEngine & EngineUnderTest> => {
    const at = { address: address(), namespace: "default", taskQueue: taskQueue ?? queueOf(records), logger };
    const engine = createTemporalEngine({
      ...at,
      dataConverter: createDataConverter([await testPayloadKey()]),
      records,
      attempts,
      pollMs: 300,
      timeoutMs: 15_000,
      silenceMs: 2_000,
      ...engineOptions,
    });
    const dataConverter = createDataConverter([await testPayloadKey(workerSecret)]);
    const bundle = await testBundle();
    const makeWorker = (parts: WorkerParts) =>
      createTemporalWorker({ ...at, dataConverter, ...parts, bundle, beatMs: 200, graceMs: 10, ...workerOptions });
    const workers = kept ?? keepWorkers();
    const worker = workers.take({ records, work }, makeWorker);
    return {
      ...engine,
      async stop() {
        await worker.stop();
        await engine.stop();
      },
      async release() {
        await worker.release();
        await engine.stop();
        if (workers !== kept) await workers.stop();
      },
    };
  };
