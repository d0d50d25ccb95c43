import { checkCores } from "../atlas/deep/check-cores.ts";
import { writeDigests } from "../atlas/digest/write-digests.ts";
import { followAgain } from "../atlas/follow/follow-again.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import { type SummariseThreadsDeps, summariseThreads } from "../atlas/summaries/summarise-threads.ts";
import type { Vectors } from "../atlas/vectors/create-vectors.ts";
import type { Database } from "../platform/db/database.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { type SweepJobsOptions, sweepJobs } from "../workflows/jobs/sweep-jobs.ts";
import { readCron } from "../workflows/schedules/cron-times.ts";
import type { Jobs } from "../workflows/schedules/schedule.ts";

export interface ScheduledJobsDeps {
  readonly database: Database;
  readonly followers: readonly Pick<Follower, "name" | "catchUp">[];
  readonly vectors: Pick<Vectors, "tend">;
  readonly summaries: Omit<SummariseThreadsDeps, "database">;
  readonly retention: Omit<SweepJobsOptions, "signal">;
  readonly metrics: Pick<Metrics, "jobsBytes">;
}

/**
 * What schedules run, by the names in their rows. A schedule whose job is not here waits for a version that has it. Each may be
 * begun again for the same key, and does then only what is left.
 */
export const createScheduledJobs = ({
  database,
  followers,
  vectors,
  summaries,
  retention,
  metrics,
}: ScheduledJobsDeps): Jobs => ({
  /** What changed is there for deep cores to pull, and those that follow do: they come on their own, at once when something is new. */
  "sync-core": async ({ signal }) => {
    for (const follower of followers) if (follower.name === "deep") await follower.catchUp(signal);
    return checkCores(database);
  },

  /** Every index takes in what changed, or failed before. */
  "index-again": async ({ signal }) => {
    const failures: unknown[] = [];
    for (const follower of followers) {
      signal.throwIfAborted();
      // One that cannot (its model is away) keeps no other from it.
      await follower.catchUp(signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
    return { indexes: followers.length };
  },

  /** Long threads get a summary, and a new one when they have grown. */
  "summarise-threads": async ({ signal }) => ({ ...(await summariseThreads({ database, ...summaries }, signal)) }),

  /** Vectors of what is not hot any more leave. */
  "move-hot-window": async () => ({ removed: await vectors.tend() }),

  /** The graph reads the whole history again: what its rules and directories have learnt meanwhile holds for the past as well. */
  "rebuild-graph": async ({ key, signal }) => {
    const graphs = followers.filter(({ name }) => name === "graph");
    for (const follower of graphs) await followAgain(database, follower, key, signal);
    return { indexes: graphs.length };
  },

  /** The week that ended last, from Monday to Sunday in the schedule's zone. */
  "write-digest": async ({ dueAt, timezone, signal }) => {
    const mondays = readCron("0 0 * * 1", timezone);
    const to = mondays.last(dueAt)!;
    const from = mondays.last(new Date(to.getTime() - 1))!;
    return { ...(await writeDigests({ database, rule: summaries.rule }, { from, to, timezone }, signal)) };
  },

  /** Long jobs that ended long ago leave. */
  "sweep-jobs": async ({ signal }) => {
    const swept = await sweepJobs(database, { ...retention, signal });
    metrics.jobsBytes.set(swept.bytes);
    return { ...swept };
  },
});
