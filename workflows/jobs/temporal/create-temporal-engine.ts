import { setInterval as every } from "node:timers/promises";
import type { DataConverter } from "@temporalio/common";
import type { Logger } from "pino";
import { errorForLog } from "../error-for-log.ts";
import type { JobEngine } from "../job-engine.ts";
import type { JobRecords } from "../job-store.ts";
import { type PageAsk, pagesOf } from "../pages-of.ts";
import type { TaskAttempts } from "../task-attempts.ts";
import { type CrewJob, taskQueue as usualQueue } from "./crew-job.ts";
import type { TemporalAddress } from "./temporal-address.ts";
import { createTemporalCalls, type WorkflowState } from "./temporal-calls.ts";

export interface TemporalEngineDeps extends TemporalAddress {
  readonly records: Pick<JobRecords, "work" | "unfinished" | "due" | "untold" | "heard" | "cancelUnbegun" | "finish">;
  readonly dataConverter: DataConverter;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly taskQueue?: string;
  /** How often is looked for what is stored and nobody told Temporal of. */
  readonly pollMs?: number;
  /** How often all that is unfinished is compared with what Temporal has, beside each change of the versions at work. */
  readonly compareMs?: number;
  /** Longest wait for one answer of Temporal. */
  readonly timeoutMs?: number;
  readonly attempts?: TaskAttempts;
  /** How long a worker may be silent before its work goes to another one. */
  readonly silenceMs?: number;
  /** How long after its last request for work a worker counts as gone for good. */
  readonly pollerSilenceMs?: number;
  /** Events of one history after which the workflow begins the next one. */
  readonly eventsPerRun?: number;
  /** After so many vain tries of workers to go on from its history a job begins again. */
  readonly mostTries?: number;
}

/** An engine whose steps others do. */
export interface TemporalEngine extends JobEngine {
  ping(): Promise<number>;
  /** Versions of the program whose workers ask for work; none: jobs wait. @throws {AppError} UPSTREAM_UNAVAILABLE */
  versionsAtWork(): Promise<ReadonlySet<string>>;
}

const pageSize = 200;
const usage = { tokens: 0, cost: 0 };

/**
 * Runs jobs on Temporal: this side begins them and tells them to look, workers do them. The job's id is the workflow's, so a
 * job runs once however often it is begun. While Temporal is away jobs wait in their table, and are taken up later.
 */
export const createTemporalEngine = (deps: TemporalEngineDeps): TemporalEngine => {
  const { records, logger, attempts, silenceMs, eventsPerRun } = deps;
  const { mostTries = 6, pollMs = 5_000, compareMs = 300_000, timeoutMs = 5_000, taskQueue = usualQueue } = deps;
  const temporal = createTemporalCalls({ ...deps, taskQueue, timeoutMs });
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let isWithoutWorkers = false;

  const toJob = (jobId: string): CrewJob => ({
    jobId,
    ...(attempts === undefined ? {} : { attempts }),
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(eventsPerRun === undefined ? {} : { eventsPerRun }),
  });

  /** A job whose workflow is over though nobody wrote an end: it was stopped by hand, or failed where it could tell nobody. */
  const endAs = async (jobId: string, status: string): Promise<void> => {
    if (!(await records.work(jobId))) return;
    logger.warn({ jobId, status }, "a job's workflow ended without it");
    const error = { code: "INTERNAL", message: "The job's run on Temporal ended before the job did." };
    const byHand = status === "TERMINATED" || status === "CANCELLED";
    await records.finish(jobId, byHand ? { status: "cancelled", usage } : { status: "failed", error, usage });
  };

  const isRunning = ({ status }: WorkflowState): boolean => status === "RUNNING" || status === "PAUSED";

  /**
   * Mends what became of a job on Temporal. One that is bound to a version which no worker runs any more begins again on a
   * version that is there, and so does one whose history no worker can go on from: what its tasks gave is kept by key, and so
   * is what people decided.
   */
  const compare = async (jobId: string, versions: ReadonlySet<string>): Promise<void> => {
    const state = await temporal.stateOf(jobId);
    if (!state) {
      await temporal.begin(toJob(jobId));
    } else if (!isRunning(state)) {
      await endAs(jobId, state.status);
    } else if (state.buildId !== undefined && versions.size > 0 && !versions.has(state.buildId)) {
      logger.info({ jobId, buildId: state.buildId }, "no worker runs this job's version any more; it begins again");
      await temporal.beginAgain(toJob(jobId));
    } else if (versions.size > 0 && state.tries >= mostTries) {
      logger.warn({ jobId, tries: state.tries }, "no worker can go on from this job's history; it begins again");
      await temporal.beginAgain(toJob(jobId));
    }
  };

  /** Tells Temporal once of all that is stored now: what it took it never loses, and the workflow then looks. */
  const takeUp = async (jobId: string, told: number): Promise<void> => {
    const isGoingOn = await (told === 1 ? temporal.begin(toJob(jobId)) : temporal.beginAndTell(toJob(jobId)));
    if (!isGoingOn) await compare(jobId, new Set());
    await records.heard(jobId, told);
  };

  /** Does something with each job; one that cannot be helped now keeps no other from it. */
  const each = async <Row extends { readonly id: string }>(
    read: (ask: PageAsk) => Promise<readonly Row[]>,
    work: (row: Row) => Promise<void>,
  ): Promise<void> => {
    for await (const page of pagesOf(read, pageSize)) {
      for (const row of page) {
        if (stopping.signal.aborted) return;
        try {
          await work(row);
        } catch (error) {
          if (temporal.isAway()) throw error;
          logger.warn(
            { err: errorForLog(error, undefined), jobId: row.id },
            "a job could not be taken up; the next look tries again",
          );
        }
      }
    }
  };

  let comparedAt = Number.NEGATIVE_INFINITY;
  let comparedWith: string | undefined;

  const lookAround = async (): Promise<void> => {
    // What no worker has begun needs none to end, nor Temporal.
    await each(
      (ask) => records.due({ ...ask, ending: true }),
      ({ id }) => records.cancelUnbegun(id),
    );
    const isDue = performance.now() - comparedAt >= compareMs;
    await each(records.untold, ({ id, told }) => takeUp(id, told));
    const isBusy = (await records.due({ limit: 1 })).length > 0;
    if (!isBusy && !isDue) return; // what waits for people needs no worker
    const versions = await temporal.versionsAtWork();
    if (isBusy && versions.size === 0 && !isWithoutWorkers) {
      logger.warn("jobs wait: no worker asks Temporal for work; 'athena worker' starts one");
    }
    isWithoutWorkers = isBusy && versions.size === 0;
    // A version that has gone is one whose jobs must not wait for the next comparison.
    const names = [...versions].sort().join(" ");
    if (!isDue && names === comparedWith) return;
    await each(records.unfinished, ({ id }) => compare(id, versions));
    comparedAt = performance.now();
    comparedWith = names;
  };

  const keepLooking = async (): Promise<void> => {
    const look = async () => {
      try {
        await lookAround();
      } catch (error) {
        // Its being away was told already.
        if (!temporal.isAway() && !stopping.signal.aborted) {
          logger.warn({ err: error }, "unfinished jobs could not be taken up");
        }
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
      await temporal.begin(toJob(jobId));
      await records.heard(jobId, 1);
    },
    async tell(jobId) {
      await records.cancelUnbegun(jobId);
      try {
        for (const { id, told } of await records.untold({ limit: 1, only: jobId })) await takeUp(id, told);
      } catch (error) {
        // What it is told is stored; it hears of it as soon as Temporal is there.
        if (!temporal.isAway()) throw error;
      }
    },
    ping: () => temporal.ping(),
    versionsAtWork: () => temporal.versionsAtWork(),
    async stop() {
      stopping.abort();
      await looking;
      await temporal.close();
    },
  };
};
