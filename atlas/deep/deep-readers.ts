import type { Queryable } from "../../platform/db/database.ts";
import { readBacklog } from "../follow/read-backlog.ts";
import { readCursor } from "./sync-page.ts";

/** How far a core is behind what was said and read. */
export interface DeepLag {
  /** Changed messages, chunks and departures that it has not acknowledged, with those that are not in the log yet. */
  readonly changes: number;
  /** Age of the oldest of them. */
  readonly seconds: number;
  /** When it last asked; undefined: never. */
  readonly askedAt: string | undefined;
}

/** Where changes are counted; beyond it "more than" is all that one needs to know. */
const mostCounted = 1_000_000;

/** Notes what a pull acknowledges: everything up to its cursor. */
export const noteReader = async (database: Queryable, name: string, after: string | undefined): Promise<void> => {
  const { epoch, position } = after === undefined ? { epoch: null, position: 0 } : readCursor(after);
  await database.query(
    `insert into deep_readers (name, epoch, position)
     select $1, coalesce($2::uuid, l.epoch), $3 from deep_log l
     on conflict (name) do update set epoch = excluded.epoch, position = excluded.position, asked_at = now()`,
    [name, epoch, position],
    "deep_reader",
  );
};

/** The lag of one core; one that never asked is behind by everything. */
export const readDeepLag = async (database: Queryable, name: string): Promise<DeepLag> => {
  const [row] = await database.query<{ changes: string; seconds: number | null; asked_at: string | Date | null }>(
    `with reader as (
       select r.asked_at, case when r.epoch = l.epoch then r.position else 0 end as position
       from deep_readers r join deep_log l on true where r.name = $1
     ), behind as (
       select changed_at from deep_changes
       where position > coalesce((select position from reader), 0) limit ${mostCounted}
     )
     select (select count(*) from behind) as changes, (select asked_at from reader) as asked_at,
       (select extract(epoch from now() - min(changed_at))::float8 from behind) as seconds`,
    [name],
    "deep_lag",
  );
  const unlogged = await readBacklog(database, "deep");
  const { changes = "0", seconds = null, asked_at = null } = row ?? {};
  return {
    changes: Number(changes) + unlogged.changes,
    seconds: Math.max(0, seconds ?? 0, unlogged.seconds),
    askedAt: asked_at === null ? undefined : new Date(asked_at).toISOString(),
  };
};
