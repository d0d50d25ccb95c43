import type { Queryable } from "../../platform/db/database.ts";
import { readBacklog } from "../follow/read-backlog.ts";
import { readCursor } from "./sync-page.ts";

/** How far a core is behind what was said and read. */
export interface DeepLag {
  /** The core; undefined: none has ever asked, and whichever comes has everything before it. */
  readonly name: string | undefined;
  /** Changed messages, chunks and departures that it has not acknowledged, with those that are not in the log yet. */
  readonly changes: number;
  /** Age of the oldest of them. */
  readonly seconds: number;
  /** When it last asked; undefined: never. */
  readonly askedAt: string | undefined;
}

/** Where changes are counted; beyond it "more than" is all that one needs to know. */
const mostCounted = 1_000_000;
/** A core that has not come for so long is not expected back. Its place is its own: when it comes all the same it goes on there. */
const forgottenDays = 7;
export const isExpected = `asked_at > now() - interval '${forgottenDays} days'`;

/** Notes what a pull acknowledges: everything up to its cursor, and nothing with one that is beyond the end of the log. */
export const noteReader = async (database: Queryable, name: string, after: string | undefined): Promise<void> => {
  const { epoch, position } = after === undefined ? { epoch: null, position: 0 } : readCursor(after);
  await database.query(
    `insert into deep_readers (name, epoch, position)
     select $1, coalesce($2::uuid, l.epoch),
       case when $3::bigint <= (select coalesce(max(position), 0) from deep_changes) then $3::bigint else 0 end
     from deep_log l
     on conflict (name) do update set epoch = excluded.epoch, position = excluded.position, asked_at = now()`,
    [name, epoch, position],
    "deep_reader",
  );
};

/** Forgets cores that have been away for seven days. */
export const forgetReaders = async (database: Queryable): Promise<void> => {
  await database.query(`delete from deep_readers where not ${isExpected}`, [], "deep_forget");
};

const lags = `
  with reader as (
    select r.name, r.asked_at, case when r.epoch = l.epoch then r.position else 0 end as position
    from deep_readers r join deep_log l on true
    where r.${isExpected} and ($1::text is null or r.name = $1)
  ), told as (
    select name, asked_at, position from reader
    union all
    select null, null, 0 where not exists (select from reader)
  )
  select told.name, told.asked_at, behind.changes, behind.seconds
  from told cross join lateral (
    select count(*) as changes, extract(epoch from now() - min(changed_at))::float8 as seconds
    from (select changed_at from deep_changes where position > told.position limit ${mostCounted}) later
  ) behind
  order by told.name`;

interface Row {
  readonly name: string | null;
  readonly changes: string;
  readonly seconds: number | null;
  readonly asked_at: string | Date | null;
}

/**
 * The lag of each core that has asked in the last seven days, in order of names, or of the one that is named. Where there is none,
 * one entry that is behind by everything.
 */
export const readDeepLags = async (database: Queryable, name?: string): Promise<[DeepLag, ...DeepLag[]]> => {
  const rows = await database.query<Row>(lags, [name ?? null], "deep_lag");
  const unlogged = await readBacklog(database, "deep");
  const [first, ...others] = rows.map(
    (row): DeepLag => ({
      name: row.name ?? undefined,
      changes: Number(row.changes) + unlogged.changes,
      seconds: Math.max(0, row.seconds ?? 0, unlogged.seconds),
      askedAt: row.asked_at === null ? undefined : new Date(row.asked_at).toISOString(),
    }),
  );
  return [first!, ...others];
};
