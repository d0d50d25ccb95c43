import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "../../platform/db/database.ts";
import { removeUnheld } from "./embedded/remove-unheld.ts";

/** Jobs of one statement; between two, others get at the database. */
const batchRows = 100;
const breathMs = 20;

export interface SweepJobsOptions {
  /** How long a job stays after its end. */
  readonly retentionMs: number;
  /** Whether the embedded engine runs jobs; without it what it once kept of them goes as well. */
  readonly isEmbedded: boolean;
  readonly signal?: AbortSignal;
}

export interface SweptJobs {
  readonly removed: number;
  /** Of the tables of jobs with their indexes, afterwards; the engines' own are not counted. */
  readonly bytes: number;
}

/** What jobs take up in the database, in bytes. */
export const jobsBytes = async (database: Queryable): Promise<number> => {
  const [row] = await database.query<{ bytes: number }>(
    `select sum(pg_total_relation_size(name::regclass))::float8 as bytes
     from unnest(array['jobs', 'job_events', 'job_questions', 'job_results', 'job_calls']) name`,
  );
  return row!.bytes;
};

/** Deletes jobs that ended long ago with their events, answers, results and calls; in small steps. */
export const sweepJobs = async (
  database: Queryable,
  { retentionMs, isEmbedded, signal }: SweepJobsOptions,
): Promise<SweptJobs> => {
  if (!isEmbedded) await removeUnheld(database);
  let removed = 0;
  for (let rows = batchRows; rows === batchRows && !signal?.aborted; ) {
    const old = await database.query<{ id: string }>(
      "select id from jobs where ended_at < now() - $1 * interval '1 ms' order by ended_at limit $2",
      [retentionMs, batchRows],
    );
    await database.query("delete from jobs where id = any ($1::uuid[])", [old.map(({ id }) => id)]);
    rows = old.length;
    removed += rows;
    if (rows === batchRows) await delay(breathMs);
  }
  return { removed, bytes: await jobsBytes(database) };
};
