import type { JobStatus } from "../job.ts";
import type { JobRecords } from "../job-store.ts";
import type { HeldJobs } from "./held-jobs.ts";
import type { JobCheckpoints } from "./job-checkpoints.ts";
import type { JobLeases } from "./job-leases.ts";

export interface LookoutOptions {
  readonly records: Pick<JobRecords, "unfinished" | "decision" | "wishesToCancel">;
  readonly checkpoints: Pick<JobCheckpoints, "jobs" | "remove" | "bytes">;
  readonly leases: Pick<JobLeases, "free">;
  readonly held: Pick<HeldJobs, "take" | "has" | "hasRoom">;
  readonly ready: () => Promise<void>;
  /** Told now and then how much the engine keeps. */
  readonly onBytes: (bytes: number) => void;
}

/** Finds jobs that nobody runs. */
export interface Lookout {
  /** Takes up what is to go on, as far as there is room. */
  look(): Promise<void>;
  /** There is room: looks again if there was more than had room. */
  soon(): void;
}

const pageSize = 100;
/** Who waits for people is told when they have decided; it is looked after only in case that was not heard. */
const looksForWaiting = 15;
/** What is left of ended jobs goes now and then: only a process that died leaves any. */
const looksForLeft = 1_800;
const looksForSize = 30;
const waiting: ReadonlySet<JobStatus> = new Set(["waiting_approval", "outcome_unknown"]);

export const createLookout = ({ records, checkpoints, leases, held, ready, onBytes }: LookoutOptions): Lookout => {
  let looks = 0;
  let hasMore = false;
  let underWay: Promise<void> | undefined;

  const pages = async function* () {
    for (let after: string | undefined; ; ) {
      const page = await records.unfinished({ limit: pageSize, ...(after === undefined ? {} : { after }) });
      yield page;
      if (page.length < pageSize) return;
      after = page.at(-1)!.id;
    }
  };

  const removeLeft = async (): Promise<void> => {
    // In this order: a job that begins meanwhile is among the unfinished.
    const left = new Set(await checkpoints.jobs());
    for await (const page of pages()) for (const { id } of page) left.delete(id);
    if (left.size > 0) await checkpoints.remove([...left]);
  };

  const isTold = async (jobId: string, waitsFor: readonly string[]): Promise<boolean> => {
    if (waitsFor.length === 0 || (await records.wishesToCancel(jobId))) return true;
    for (const key of waitsFor) if (await records.decision(jobId, key)) return true;
    return false;
  };

  const lookOnce = async (): Promise<void> => {
    await ready();
    const withWaiting = looks % looksForWaiting === 0;
    if (looks % looksForLeft === 0) await removeLeft();
    if (looks % looksForSize === 0) onBytes(await checkpoints.bytes());
    looks += 1;
    hasMore = false;
    for await (const page of pages()) {
      const unheld = page.filter(({ id, status }) => !held.has(id) && (withWaiting || !waiting.has(status)));
      if (unheld.length === 0) continue;
      const free = await leases.free(unheld.map(({ id }) => id));
      for (const { id, status } of unheld) {
        const waitsFor = free.get(id);
        if (waitsFor === undefined || (waiting.has(status) && !(await isTold(id, waitsFor)))) continue;
        if (!held.hasRoom()) {
          hasMore = true;
          return;
        }
        held.take(id);
      }
    }
  };

  const look = (): Promise<void> => {
    underWay ??= lookOnce().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  return {
    look,
    soon() {
      if (hasMore && held.hasRoom()) look().catch(() => undefined); // the next look comes anyway
    },
  };
};
