import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../platform/db/database.ts";
import { setBack } from "../follow/set-back.ts";
import { createIndexer, type IndexerDeps } from "./create-indexer.ts";

export interface ReindexProgress {
  readonly done: number;
  readonly messages: number;
}

const progressMs = 500;
/** Noted while texts are indexed anew, so that a run after a kill does not begin again. */
const marker = "text reindex";

const progressOf = `
  select coalesce(sum(t.last_position), 0)::float8 as messages,
    coalesce(sum(least(c.position, t.last_position)), 0)::float8 as done
  from threads t left join follower_cursors c on c.follower = $1 and c.thread_id = t.id where t.mode = 'open'`;

/** How far a follower is, in messages of open threads. */
const readProgress = async (database: Database, follower: string): Promise<ReindexProgress> => {
  const [row] = await database.query<{ done: number; messages: number }>(progressOf, [follower]);
  return { done: row?.done ?? 0, messages: row?.messages ?? 0 };
};

/** Tells of a follower's progress while `work` runs. */
export const withProgress = async (
  database: Database,
  follower: string,
  onProgress: (progress: ReindexProgress) => void,
  work: () => Promise<void>,
): Promise<ReindexProgress> => {
  const ended = new AbortController();
  const watch = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      onProgress(await readProgress(database, follower));
      await delay(progressMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const watching = watch().catch(() => undefined);
  try {
    await work();
  } finally {
    ended.abort();
    await watching;
  }
  return readProgress(database, follower);
};

/**
 * Analyses every text anew and replaces what differs; what is not reached yet is found as it was. Killed, it goes on where it
 * was when it is run again; a server that runs helps.
 *
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const reindexTexts = async (
  deps: IndexerDeps,
  onProgress: (progress: ReindexProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ReindexProgress> => {
  const { database } = deps;
  const indexer = createIndexer(deps);
  await database.transaction(async (connection) => {
    const begun = await connection.query(
      "insert into followers (name, rules) values ($1, '') on conflict (name) do nothing returning name",
      [marker],
    );
    if (begun.length === 0) return;
    await setBack(connection, indexer.name);
    await connection.query("update follower_cursors set position = 0 where follower = $1", [indexer.name]);
    await connection.query("delete from follower_documents where follower = $1", [indexer.name]);
  });
  const progress = await withProgress(database, indexer.name, onProgress, () => indexer.catchUp(signal));
  signal?.throwIfAborted();
  await database.query("delete from followers where name = $1", [marker]);
  return progress;
};
