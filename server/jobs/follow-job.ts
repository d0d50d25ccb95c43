import { setTimeout as delay } from "node:timers/promises";
import { endStatuses, type JobStatus } from "../../workflows/jobs/job.ts";
import type { JobDesk } from "../../workflows/jobs/job-desk.ts";
import type { JobEvent } from "../../workflows/jobs/job-store.ts";

export interface FollowJobOptions {
  readonly principal: string;
  readonly id: string;
  /** The last event that is known; 0: none. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Whether to stop before the next look: the process ends, say. */
  readonly isLeaving?: () => boolean;
  /** Between two looks that no note asked for; default 2 s. */
  readonly lookMs?: number;
}

const pageEvents = 100;

/**
 * A job's events in order, as they come, until its last one or the signal. Nothing is given for a job that is not there (any
 * more), or not the principal's.
 */
export async function* followJob(
  desk: Pick<JobDesk, "get" | "events" | "watch">,
  { principal, id, after, signal, isLeaving = () => false, lookMs = 2_000 }: FollowJobOptions,
): AsyncGenerator<JobEvent> {
  // A note that comes while events are read or sent must not be slept over.
  let news = Promise.withResolvers<void>();
  const stopWatching = desk.watch(id, () => news.resolve());
  try {
    for (let last = after; !signal.aborted && !isLeaving(); ) {
      news = Promise.withResolvers<void>();
      // Asked for before the events: of a job that has ended by then all of them are there.
      const job = await desk.get(principal, id);
      const events = job && (await desk.events(principal, id, { after: last, limit: pageEvents }));
      if (!events) return;
      for (const event of events) {
        if (signal.aborted) return;
        yield event;
        if (endStatuses.has(event.kind as JobStatus)) return;
        last = event.sequence;
      }
      if (events.length === pageEvents) continue;
      if (endStatuses.has(job.status)) return;
      const waiting = new AbortController();
      const stop = () => waiting.abort();
      signal.addEventListener("abort", stop, { once: true });
      await Promise.race([news.promise, delay(lookMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
      signal.removeEventListener("abort", stop);
      waiting.abort();
    }
  } finally {
    stopWatching();
  }
}
