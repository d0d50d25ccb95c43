import type { Follower } from "../atlas/follow/follower.ts";
import { type SummariseThreadsDeps, summariseThreads } from "../atlas/summaries/summarise-threads.ts";
import type { Jobs } from "../workflows/schedules/schedule.ts";

export interface ScheduledJobsDeps {
  readonly followers: readonly Pick<Follower, "name" | "catchUp">[];
  readonly summaries: SummariseThreadsDeps;
}

/**
 * What schedules run, by the names in their rows. A schedule whose job is not here waits for a version that has it. Each may be
 * begun again for the same key, and does then only what is left.
 */
export const createScheduledJobs = ({ followers, summaries }: ScheduledJobsDeps): Jobs => ({
  /** Every index takes in what changed, or failed before. */
  "index-again": async ({ signal }) => {
    for (const follower of followers) {
      signal.throwIfAborted();
      await follower.catchUp(signal);
    }
    return { indexes: followers.length };
  },

  /** Long threads get a summary, and a new one when they have grown. */
  "summarise-threads": async ({ signal }) => ({ ...(await summariseThreads(summaries, signal)) }),
});
