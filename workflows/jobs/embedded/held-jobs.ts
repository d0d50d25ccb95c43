import type { Logger } from "pino";
import type { Mode } from "../../../platform/egress/egress-class.ts";
import type { TaskWork } from "../do-task.ts";
import { errorForLog } from "../error-for-log.ts";
import { isStoreAway } from "../is-store-away.ts";
import type { JobRecords } from "../job-store.ts";
import { defaultAttempts, isTransient, pauseAfter, type TaskAttempts } from "../task-attempts.ts";
import { toJobError } from "../to-job-error.ts";
import type { JobCheckpoints } from "./job-checkpoints.ts";
import { type JobLease, type JobLeases, LeaseLost } from "./job-leases.ts";
import { JobCancelled, type JobRun, runJob } from "./run-job.ts";

export interface HeldJobsOptions {
  readonly records: JobRecords;
  readonly work: TaskWork;
  readonly checkpoints: JobCheckpoints;
  readonly leases: JobLeases;
  readonly leaseMs: number;
  readonly attempts: TaskAttempts;
  readonly now: () => number;
  readonly atOnce: number;
  /** Resolves when there are tables. */
  readonly ready: () => Promise<void>;
  /** Told how many jobs are held, whenever that changes. */
  readonly onChange: (count: number) => void;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** The jobs that this process runs. */
export interface HeldJobs {
  /** Takes a job up unless it is held, here or elsewhere; when there is no room, later. */
  take(jobId: string): void;
  /** Takes up a job that ends without further work: it needs no room beside those that run. */
  end(jobId: string): void;
  /** Looks at a job that was told something, and takes it up. */
  tell(jobId: string): void;
  has(jobId: string): boolean;
  hasRoom(): boolean;
  /** Keeps what is held from others; sees decisions and wishes to cancel. */
  attend(): Promise<void>;
  stop(): Promise<void>;
}

interface Held {
  lease?: JobLease;
  /** On the clock that no one sets. */
  renewedAt: number;
  run?: JobRun;
  /** Something was stored for it, perhaps after it was looked at. */
  told: boolean;
  done: Promise<void>;
}

interface Trouble {
  readonly count: number;
  readonly until: number;
}

/** Jobs that end beside those for which there is room. */
const endingAtOnce = 8;

/** Runs of one job that break in a way that does not pass, until it is given up. */
const mostBroken = 5;

class EngineStopped extends Error {}

export const createHeldJobs = (options: HeldJobsOptions): HeldJobs => {
  const { records, work, checkpoints, leases, leaseMs, attempts, now, atOnce, ready, onChange, logger } = options;
  const held = new Map<string, Held>();
  const next = new Set<string>();
  const troubles = new Map<string, Trouble>();
  let isStopping = false;

  const mayBegin = async ({ lease, renewedAt }: Held): Promise<void> => {
    // After a pause of the whole process nobody has renewed anything.
    if (lease && performance.now() - renewedAt > leaseMs / 2) await leases.assertHeld(lease);
  };

  /** Whether somebody wants it to stop, or has answered one of the questions. */
  const isTold = async (jobId: string, waitsFor: readonly string[]): Promise<boolean> => {
    if (await records.wishesToCancel(jobId)) return true;
    for (const key of waitsFor) if (await records.decision(jobId, key)) return true;
    return false;
  };

  const attendTo = async (jobId: string, { run }: Held): Promise<void> => {
    if (await records.wishesToCancel(jobId)) run?.abort(new JobCancelled());
    else await run?.look();
  };

  const run = async (jobId: string, entry: Held, lease: JobLease): Promise<void> => {
    const mayFinish = (connection?: Parameters<JobLeases["assertHeld"]>[1]) => leases.assertHeld(lease, connection);
    const job = await records.work(jobId);
    if (!job) {
      // It has ended, and its process died before it had removed what was kept.
      troubles.delete(jobId);
      return checkpoints.remove([jobId]);
    }
    const isKnown = await checkpoints.has(jobId);
    const isCancelled = await records.wishesToCancel(jobId);
    if (isCancelled && !isKnown) {
      await records.finish(jobId, { status: "cancelled", usage: { tokens: 0, cost: 0 } }, mayFinish);
      return checkpoints.remove([jobId]);
    }
    const saver = checkpoints.saverOf(lease);
    const broken = troubles.get(jobId)?.count ?? 0;
    if (broken >= mostBroken) {
      const usage = { tokens: 0, cost: 0 };
      await records.finish(jobId, { status: "failed", error: toJobError(undefined), usage }, mayFinish);
      troubles.delete(jobId);
      return checkpoints.remove([jobId]);
    }
    entry.run = runJob({
      ...{ job, records, work, saver, isKnown, attempts, now, mayFinish, logger },
      mayBegin: () => mayBegin(entry),
    });
    if (isStopping) entry.run.abort(new EngineStopped());
    if (isCancelled) entry.run.abort(new JobCancelled());
    const end = await entry.run.over;
    troubles.delete(jobId);
    entry.told = false;
    if (end.ended) return checkpoints.remove([jobId]);
    await leases.release(lease, true);
    // It may be told while this is asked.
    if (await isTold(jobId, end.waitsFor)) entry.told = true;
  };

  const noteTrouble = (jobId: string, error: unknown, mode: Mode | undefined): void => {
    if (error instanceof EngineStopped) return;
    if (error instanceof LeaseLost) {
      troubles.delete(jobId);
      logger.info({ job: jobId }, "another process goes on with a job");
      return;
    }
    const mayPass = isStoreAway(error) || isTransient(error);
    const count = (troubles.get(jobId)?.count ?? 0) + (mayPass ? 0 : 1);
    const pauseMs = pauseAfter(Math.max(1, count), error, defaultAttempts);
    troubles.set(jobId, { count, until: performance.now() + pauseMs });
    logger.warn({ err: errorForLog(error, mode), job: jobId }, "a job cannot go on at the moment; it is tried again");
  };

  const hold = async (jobId: string, entry: Held): Promise<void> => {
    try {
      await ready();
      entry.renewedAt = performance.now();
      const lease = await leases.claim(jobId);
      if (!lease) {
        // Its trouble is another's now.
        troubles.delete(jobId);
        return;
      }
      entry.lease = lease;
      try {
        await run(jobId, entry, lease);
      } catch (error) {
        noteTrouble(jobId, error, entry.run?.mode());
        // When this fails too, the lease ends by itself.
        if (!(error instanceof LeaseLost)) await leases.release(lease, false).catch(() => undefined);
      }
    } catch (error) {
      noteTrouble(jobId, error, entry.run?.mode());
    }
  };

  const take = (jobId: string, room = atOnce): void => {
    if (isStopping || held.has(jobId) || (troubles.get(jobId)?.until ?? 0) > performance.now()) return;
    if (held.size >= room) {
      next.add(jobId);
      return;
    }
    next.delete(jobId);
    const entry: Held = { renewedAt: performance.now(), told: false, done: Promise.resolve() };
    held.set(jobId, entry);
    onChange(held.size);
    entry.done = hold(jobId, entry).finally(() => {
      held.delete(jobId);
      if (entry.told) take(jobId);
      const [waiting] = next;
      if (waiting !== undefined) take(waiting);
      onChange(held.size);
    });
  };

  const end = (jobId: string): void => take(jobId, atOnce + endingAtOnce);

  const endIfAsked = async (jobId: string): Promise<void> => {
    for (const { id } of await records.due({ limit: 1, only: jobId, ending: true })) end(id);
  };

  return {
    take: (jobId) => take(jobId),
    end,
    has: (jobId) => held.has(jobId) || next.has(jobId),
    hasRoom: () => held.size < atOnce,

    tell(jobId) {
      const entry = held.get(jobId);
      if (!entry) {
        take(jobId);
        // What fails here is seen again by who looks for jobs.
        if (next.has(jobId)) endIfAsked(jobId).catch(() => undefined);
        return;
      }
      entry.told = true;
      // What fails here is seen again by `attend`.
      attendTo(jobId, entry).catch(() => undefined);
    },

    async attend() {
      // Those that broke are tried again here, whether anybody looks for jobs in this process or not.
      for (const [jobId, { until }] of troubles) if (until <= performance.now()) take(jobId);
      const mine = [...held].filter(([, { lease }]) => lease !== undefined);
      const askedAt = performance.now();
      try {
        const kept = await leases.renew(mine.map(([, { lease }]) => lease!));
        for (const [jobId, entry] of mine) {
          if (kept.has(jobId)) entry.renewedAt = askedAt;
          else entry.run?.abort(new LeaseLost());
        }
      } catch (error) {
        for (const [, { run: own, renewedAt }] of mine) {
          if (performance.now() - renewedAt > leaseMs) own?.abort(new LeaseLost());
        }
        throw error;
      }
      for (const [jobId, entry] of mine) await attendTo(jobId, entry);
    },

    async stop() {
      isStopping = true;
      next.clear();
      for (const { run: own } of held.values()) own?.abort(new EngineStopped());
      await Promise.all([...held.values()].map(({ done }) => done));
    },
  };
};
