import type { JobRecords } from "../job-store.ts";
import { pagesOf } from "../pages-of.ts";
import type { HeldJobs } from "./held-jobs.ts";
import type { JobCheckpoints } from "./job-checkpoints.ts";
import type { JobLeases } from "./job-leases.ts";

export interface LookoutOptions {
  readonly records: Pick<JobRecords, "unfinished" | "due">;
  readonly checkpoints: Pick<JobCheckpoints, "jobs" | "remove" | "bytes">;
  readonly leases: Pick<JobLeases, "free" | "left">;
  readonly held: Pick<HeldJobs, "take" | "end" | "has" | "hasRoom">;
  readonly ready: () => Promise<void>;
  /** Told now and then how much the engine keeps. */
  readonly onBytes: (bytes: number) => void;
}

/** Finds jobs that nobody runs. What waits for people only is not looked at one by one. */
export interface Lookout {
  /** Takes up what is to go on, as far as there is room. */
  look(): Promise<void>;
  /** There is room: looks again if there was more than had room. */
  soon(): void;
}

const pageSize = 100;
const looksForSize = 30;
/** All there is, one by one, at the start and now and then: what other engines and processes that died have left. */
const looksForAll = 1_800;

export const createLookout = ({ records, checkpoints, leases, held, ready, onBytes }: LookoutOptions): Lookout => {
  let looks = 0;
  let hasMore = false;
  let underWay: Promise<void> | undefined;

  const idPages = async function* (read: Parameters<typeof pagesOf>[0]) {
    for await (const page of pagesOf(read, pageSize)) yield page.map(({ id }) => id);
  };

  const removeLeft = async (): Promise<void> => {
    // In this order: a job that begins meanwhile is among the unfinished.
    const left = new Set(await checkpoints.jobs());
    for await (const page of idPages(records.unfinished)) for (const id of page) left.delete(id);
    if (left.size > 0) await checkpoints.remove([...left]);
  };

  /** False: there was no room for all of them. */
  const takeAll = (ids: readonly string[]): boolean => {
    for (const id of ids) {
      if (held.has(id)) continue;
      if (!held.hasRoom()) {
        hasMore = true;
        return false;
      }
      held.take(id);
    }
    return true;
  };
  const freeOf = async (ids: readonly string[]) => {
    const unheld = ids.filter((id) => !held.has(id));
    return unheld.length === 0 ? [] : [...(await leases.free(unheld))];
  };
  const takeFree = async (ids: readonly string[]): Promise<boolean> => takeAll((await freeOf(ids)).map(([id]) => id));
  const takeNew = async (ids: readonly string[]): Promise<boolean> =>
    takeAll((await freeOf(ids)).filter(([, { isNew }]) => isNew).map(([id]) => id));

  const takeWhatFits = async (isThorough: boolean): Promise<void> => {
    if (!takeAll(await leases.left(pageSize))) return;
    for await (const page of idPages(records.due)) if (!(await takeFree(page))) return;
    if (!isThorough) return;
    for await (const page of idPages(records.unfinished)) if (!(await takeNew(page))) return;
  };

  const endWhatEnds = async (): Promise<void> => {
    for await (const page of idPages((ask) => records.due({ ...ask, ending: true }))) {
      for (const id of (await leases.free(page)).keys()) held.end(id);
    }
  };

  const lookOnce = async (): Promise<void> => {
    await ready();
    const isThorough = looks % looksForAll === 0;
    if (isThorough) await removeLeft();
    if (looks % looksForSize === 0) onBytes(await checkpoints.bytes());
    looks += 1;
    hasMore = false;
    await takeWhatFits(isThorough);
    if (!held.hasRoom()) await endWhatEnds();
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
