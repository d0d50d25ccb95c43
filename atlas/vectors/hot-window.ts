import type { Database, Queryable } from "../../platform/db/database.ts";
import type { ChangedMessage } from "../follow/changes.ts";
import { setBack } from "../follow/set-back.ts";
import { followerOf } from "./vector-spaces.ts";
import type { VectorSpace, VectorStore } from "./vector-store.ts";

const dayMs = 86_400_000;

/** Messages since then have vectors. */
export const hotSince = (days: number, now: Date): Date => new Date(Math.max(0, now.getTime() - days * dayMs));

/** What a thread was shortened to stays findable when the thread itself has left. */
export const isLasting = ({ meta }: Pick<ChangedMessage, "meta">): boolean => meta.kind === "summary";

/** Of these threads those that keep the vectors of old messages: pinned (`meta.pinned`), or of a project that goes on. */
export const keptThreads = async (
  connection: Queryable,
  threadIds: readonly string[] | null,
  since: Date,
): Promise<string[]> => {
  if (threadIds?.length === 0) return [];
  const rows = await connection.query<{ id: string }>(
    "select id from vector_kept($1::uuid[], $2) as id",
    [threadIds, since.toISOString()],
    "vectors_kept",
  );
  return rows.map(({ id }) => id);
};

const renewKept = `
  with now_kept as (select unnest($1::uuid[]) as id),
  gone as (delete from vector_kept_threads where not thread_id = any ($1::uuid[])),
  came as (
    insert into vector_kept_threads (thread_id) select id from now_kept on conflict (thread_id) do nothing returning thread_id
  )
  select thread_id from came`;

/**
 * Takes out of a space what left the hot window, and has threads that are kept since the last time followed from their start.
 * May run at any time, also in several processes.
 *
 * @returns how many vectors went.
 */
export const tendHotWindow = async (
  database: Database,
  store: Pick<VectorStore, "expire">,
  space: VectorSpace,
  since: Date,
): Promise<number> => {
  const kept = await keptThreads(database, null, since);
  await database.transaction(async (connection) => {
    const came = await connection.query<{ thread_id: string }>(renewKept, [kept], "vectors_renew_kept");
    if (came.length === 0) return;
    await setBack(connection, followerOf(space));
    await connection.query(
      "update follower_cursors set position = 0 where follower = $1 and thread_id = any ($2::uuid[])",
      [followerOf(space), came.map(({ thread_id }) => thread_id)],
    );
  });
  return store.expire(space, since, kept);
};
