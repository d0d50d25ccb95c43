import { setInterval as every } from "node:timers/promises";
import { Client, Connection, WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import type { Logger } from "pino";
import { AppError } from "../../../platform/errors/app-error.ts";
import type { JobEngine } from "../job-engine.ts";
import type { JobRecords } from "../job-store.ts";
import type { TaskAttempts } from "../task-attempts.ts";
import { type CrewJob, lookSignal, taskQueue as usualQueue, workflowType } from "./crew-job.ts";
import { connectionOptions, type TemporalAddress } from "./temporal-address.ts";

export interface TemporalEngineDeps extends TemporalAddress {
  readonly records: Pick<JobRecords, "work" | "unfinished" | "finish">;
  readonly dataConverter: DataConverter;
  readonly logger: Logger;
  readonly taskQueue?: string;
  /** How often stored jobs are looked for that Temporal has not been told of. */
  readonly pollMs?: number;
  /** How often all that is unfinished is compared with what Temporal has. */
  readonly compareMs?: number;
  /** Longest wait for one answer of Temporal. */
  readonly timeoutMs?: number;
  readonly attempts?: TaskAttempts;
  /** Events of one history after which the workflow begins the next one. */
  readonly eventsPerRun?: number;
}

const pageSize = 200;
const nothingUsed = { tokens: 0, cost: 0 };

/**
 * Runs jobs on Temporal: this side begins them and tells them to look, workers do them. The job's id is the workflow's, so a
 * job runs once however often it is begun. While Temporal is away jobs wait in their table, and are taken up later.
 */
export const createTemporalEngine = (deps: TemporalEngineDeps): JobEngine & { ping(): Promise<number> } => {
  const { records, dataConverter, logger, taskQueue = usualQueue, attempts, eventsPerRun } = deps;
  const { pollMs = 5_000, compareMs = 600_000, timeoutMs = 5_000 } = deps;
  const connection = Connection.lazy(connectionOptions(deps));
  const { workflow } = new Client({ connection, namespace: deps.namespace, dataConverter });
  const stopping = new AbortController();
  /** Jobs that could not be told. */
  const untold = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  let isAway = false;

  const call = async <Result>(rpc: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await connection.withDeadline(Date.now() + timeoutMs, rpc);
      if (isAway) logger.info("Temporal answers again");
      isAway = false;
      return result;
    } catch (cause) {
      if (cause instanceof WorkflowExecutionAlreadyStartedError) throw cause;
      if (!isAway && !stopping.signal.aborted) logger.warn({ err: cause }, "Temporal does not answer; jobs wait");
      isAway = true;
      throw new AppError("UPSTREAM_UNAVAILABLE", "Temporal does not answer; the job waits for it.", { cause });
    }
  };

  const toJob = (jobId: string): CrewJob => ({
    jobId,
    ...(attempts === undefined ? {} : { attempts }),
    ...(eventsPerRun === undefined ? {} : { eventsPerRun }),
  });
  const optionsOf = (jobId: string) =>
    ({
      workflowId: jobId,
      taskQueue,
      args: [toJob(jobId)] as [CrewJob],
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      workflowIdConflictPolicy: "USE_EXISTING",
    }) as const;

  /** A job whose workflow is over though nobody wrote an end: it was stopped by hand, or its worker could not read it. */
  const settle = async (jobId: string): Promise<void> => {
    const { status } = await call(() => workflow.getHandle(jobId).describe());
    if (status.name === "RUNNING") return;
    if (!(await records.work(jobId))) return;
    const byHand = status.name === "TERMINATED" || status.name === "CANCELLED";
    logger.warn({ jobId, status: status.name }, "a job's workflow ended without it");
    await records.finish(
      jobId,
      byHand
        ? { status: "cancelled", usage: nothingUsed }
        : {
            status: "failed",
            error: { code: "INTERNAL", message: "The job's run on Temporal ended before the job did." },
            usage: nothingUsed,
          },
    );
  };

  const unfinished = async (): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    for (let after: string | undefined; ; ) {
      const page = await records.unfinished({ limit: pageSize, ...(after === undefined ? {} : { after }) });
      for (const { id, status } of page) found.set(id, status);
      if (page.length < pageSize) return found;
      after = page.at(-1)!.id;
    }
  };

  /** Begins it if it has not begun, and has it look at what is stored; both in one call. */
  const takeUp = async (jobId: string): Promise<void> => {
    try {
      await call(() => workflow.signalWithStart(workflowType, { ...optionsOf(jobId), signal: lookSignal }));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await settle(jobId);
    }
    untold.delete(jobId);
  };

  const lookAround = async (isComparing: boolean): Promise<void> => {
    const jobs = await unfinished();
    for (const id of untold) if (!jobs.has(id)) untold.delete(id);
    for (const [id, status] of jobs) {
      if (stopping.signal.aborted) return;
      if (!isComparing && status !== "queued" && !untold.has(id)) continue;
      try {
        await takeUp(id);
      } catch (error) {
        if (isAway) throw error;
        logger.warn({ err: error, jobId: id }, "a job could not be taken up; the next look tries again");
      }
    }
  };

  const keepLooking = async (): Promise<void> => {
    let comparedAt = Number.NEGATIVE_INFINITY;
    const look = async () => {
      const isComparing = performance.now() - comparedAt >= compareMs;
      try {
        await lookAround(isComparing);
        if (isComparing) comparedAt = performance.now();
      } catch (error) {
        if (!isAway && !stopping.signal.aborted) logger.warn({ err: error }, "unfinished jobs could not be taken up");
      }
    };
    await look();
    try {
      for await (const _ of every(pollMs, undefined, { signal: stopping.signal, ref: false })) await look();
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  };

  return {
    name: "temporal",
    start() {
      looking = keepLooking();
    },
    async run(jobId) {
      try {
        await call(() => workflow.start(workflowType, optionsOf(jobId)));
      } catch (error) {
        // It has begun, and ended, before.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async tell(jobId) {
      untold.add(jobId);
      // What was decided is stored; it is told as soon as Temporal is there.
      await takeUp(jobId).catch((error: unknown) => {
        if (!isAway) throw error;
      });
    },
    async ping() {
      const since = performance.now();
      await call(() => connection.workflowService.getSystemInfo({}));
      return performance.now() - since;
    },
    async stop() {
      stopping.abort();
      await looking;
      await connection.close();
    },
  };
};
