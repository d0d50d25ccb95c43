import { setTimeout as delay } from "node:timers/promises";
import type { DataConverter } from "@temporalio/common";
import { NativeConnection, Worker } from "@temporalio/worker";
import type { Logger } from "pino";
import { type CrewActivitiesDeps, createCrewActivities } from "./activities.ts";
import { recordsQueueOf, deploymentName as usualDeployment, taskQueue as usualQueue } from "./crew-job.ts";
import { connectionOptions, type TemporalAddress } from "./temporal-address.ts";
import { installRuntime } from "./temporal-runtime.ts";
import { tendVersion } from "./tend-version.ts";
import type { WorkflowBundle } from "./workflow-bundle.ts";

export interface TemporalWorkerDeps extends TemporalAddress, CrewActivitiesDeps {
  readonly dataConverter: DataConverter;
  readonly bundle: WorkflowBundle;
  readonly logger: Logger;
  readonly taskQueue?: string;
  readonly deploymentName?: string;
  /** Steps that run at once here. */
  readonly concurrency?: number;
  /** How long steps that run may go on when the worker stops, in milliseconds; then others begin them again. */
  readonly graceMs?: number;
}

/** `connecting`: Temporal is away, and tried again; `draining`: what runs is brought to its end. */
export type TemporalWorkerState = "connecting" | "running" | "draining" | "stopped";

export interface TemporalWorker {
  /** The version of the workflow that it runs. */
  readonly buildId: string;
  state(): TemporalWorkerState;
  /** Begins to look for work, also when Temporal comes later. */
  start(): void;
  /** Takes no more work, lets what runs end, within the grace. */
  stop(): Promise<void>;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** Reads and writes of jobs' own rows that a worker does at once. */
const recordsAtOnce = 50;

/** Does the steps of jobs that an engine has begun on Temporal, and those of the workflow itself. */
export const createTemporalWorker = (deps: TemporalWorkerDeps): TemporalWorker => {
  const { namespace, dataConverter, bundle, logger, concurrency = 20, graceMs = 20_000 } = deps;
  const { taskQueue = usualQueue, deploymentName = usualDeployment } = deps;
  const { buildId } = bundle;
  const stopping = new AbortController();
  let state: TemporalWorkerState = "stopped";
  let running: Promise<void> = Promise.resolve();
  let hasRun = false;
  let workers: readonly Worker[] = [];

  const shutDown = (): void => {
    for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };

  const serve = async (): Promise<void> => {
    const connection = await NativeConnection.connect(connectionOptions(deps));
    try {
      const shared = {
        ...{ connection, namespace, dataConverter },
        activities: createCrewActivities({
          onUnforeseen: (err, step, job) => logger.error({ err, step, job }, "a step of a job failed inside"),
          ...deps,
        }),
        workerDeploymentOptions: {
          useWorkerVersioning: true,
          version: { deploymentName, buildId },
          defaultVersioningBehavior: "PINNED",
        },
        // Short, because it is how soon a cancelled step hears of it, and how soon work goes on after a death.
        maxHeartbeatThrottleInterval: "1 second",
        defaultHeartbeatThrottleInterval: "1 second",
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + 10_000,
      } as const;
      workers = await Promise.all([
        Worker.create({
          ...shared,
          taskQueue,
          workflowBundle: { code: bundle.code },
          maxConcurrentActivityTaskExecutions: concurrency,
          stickyQueueScheduleToStartTimeout: "3 seconds",
        }),
        Worker.create({
          ...shared,
          taskQueue: recordsQueueOf(taskQueue),
          maxConcurrentActivityTaskExecutions: recordsAtOnce,
        }),
      ]);
      // Neither is of use without the other.
      const runs = workers.map((worker) => worker.run().finally(shutDown));
      if (stopping.signal.aborted) shutDown();
      state = "running";
      hasRun = true;
      const gone = new AbortController();
      const signal = AbortSignal.any([stopping.signal, gone.signal]);
      const onFailure = (error: unknown) => logger.warn({ err: error }, "the version of this worker cannot be tended");
      const tending = tendVersion({ ...deps, connection, taskQueue, deploymentName, buildId, signal, onFailure });
      try {
        await Promise.allSettled(runs);
        await Promise.all(runs);
      } finally {
        gone.abort();
        await tending;
      }
    } finally {
      workers = [];
      await connection.close().catch(() => undefined);
    }
  };

  const keepServing = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; !stopping.signal.aborted; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
      state = "connecting";
      hasRun = false;
      try {
        await serve();
      } catch (error) {
        if (stopping.signal.aborted) break;
        if (hasRun) pauseMs = firstPauseMs;
        logger.warn({ err: error }, "the worker has no connection to Temporal; it tries again");
      }
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    state = "stopped";
  };

  return {
    buildId,
    state: () => state,
    start() {
      if (state !== "stopped") return;
      installRuntime(logger);
      running = keepServing();
    },
    async stop() {
      if (state === "running") state = "draining";
      stopping.abort();
      shutDown();
      await running;
    },
  };
};
