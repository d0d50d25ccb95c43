import type { Logger } from "pino";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import type { Metrics } from "../../../platform/metrics/metrics.ts";
import type { TaskWork } from "../do-task.ts";
import { errorForLog } from "../error-for-log.ts";
import type { JobEngine } from "../job-engine.ts";
import type { JobRecords } from "../job-store.ts";
import { defaultAttempts, type TaskAttempts } from "../task-attempts.ts";
import { createHeldJobs } from "./held-jobs.ts";
import { createJobCheckpoints } from "./job-checkpoints.ts";
import { createJobLeases } from "./job-leases.ts";
import { createLookout } from "./lookout.ts";
import { repeatUntil } from "./repeat-until.ts";

export interface EmbeddedEngineDeps {
  readonly records: JobRecords;
  readonly work: TaskWork;
  readonly database: PoolDatabase;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly metrics?: Pick<Metrics, "jobsHeld" | "jobCheckpointBytes">;
  /** Jobs that run in this process at once; others wait in the database. */
  readonly atOnce?: number;
  readonly attempts?: TaskAttempts;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How often is looked for jobs, decisions and wishes to cancel that nobody told of. */
  readonly everyMs?: number;
  /** How long a process that says nothing keeps its jobs from others. */
  readonly leaseMs?: number;
  /** Where steps are kept; a plain name. */
  readonly schema?: string;
}

/**
 * Runs jobs in this process, their steps kept in the main database by LangGraph's checkpointer: a job whose process dies goes on
 * at its first unfinished step, here at the next start or in another process on the same PostgreSQL. A job that waits for people
 * is in nobody's memory. What is kept of a job goes when the job ends.
 */
export const createEmbeddedEngine = (deps: EmbeddedEngineDeps): JobEngine => {
  const { records, database, logger, metrics, schema = "embedded_jobs", everyMs = 2_000, leaseMs = 20_000 } = deps;
  const checkpoints = createJobCheckpoints(database, schema);
  const leases = createJobLeases({ database, schema, leaseMs });
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];

  let tables: Promise<void> | undefined;
  const ready = (): Promise<void> => {
    tables ??= checkpoints.setUp().catch((error: unknown) => {
      tables = undefined;
      throw error;
    });
    return tables;
  };

  const held = createHeldJobs({
    ...{ records, checkpoints, leases, leaseMs, ready, logger },
    work: deps.work,
    attempts: deps.attempts ?? defaultAttempts,
    now: deps.now ?? Date.now,
    atOnce: deps.atOnce ?? 8,
    onChange(count) {
      metrics?.jobsHeld.set(count);
      lookout.soon();
    },
  });
  const onBytes = (bytes: number) => metrics?.jobCheckpointBytes.set(bytes);
  const lookout = createLookout({ records, checkpoints, leases, held, ready, onBytes });

  /** Leases are kept, and wishes and decisions seen, as long as anything runs; whether the engine was started or only told. */
  const keep = (): void => {
    if (loops.length > 0) return;
    const often = Math.min(everyMs, leaseMs / 3);
    const failed = (error: unknown) =>
      logger.warn({ err: errorForLog(error, undefined) }, "the jobs that run here cannot be looked after");
    loops.push(repeatUntil(stopping.signal, often, () => held.attend(), failed));
  };

  return {
    name: "embedded",
    start() {
      keep();
      if (loops.length > 1) return;
      const failed = (error: unknown) =>
        logger.warn({ err: errorForLog(error, undefined) }, "jobs cannot be looked for; they will be in a moment");
      loops.push(repeatUntil(stopping.signal, everyMs, () => lookout.look(), failed));
    },
    async run(jobId) {
      keep();
      held.take(jobId);
    },
    async tell(jobId) {
      keep();
      held.tell(jobId);
    },
    async stop() {
      stopping.abort();
      await held.stop();
      await Promise.all(loops);
    },
  };
};
