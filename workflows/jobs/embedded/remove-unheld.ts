import type { Queryable } from "../../../platform/db/database.ts";

/**
 * Deletes what the embedded engine keeps of jobs that no process has in hand, where another engine runs jobs now: it would stay for
 * ever, with beginnings of results. Gives the number of jobs; 0 where the engine never ran. `schema` is a plain name.
 */
export const removeUnheld = async (database: Queryable, schema = "embedded_jobs"): Promise<number> => {
  const [found] = await database.query<{ is_there: boolean }>("select to_regclass($1) is not null as is_there", [
    `${schema}.leases`,
  ]);
  if (!found?.is_there) return 0;
  const removals = ["checkpoint_writes", "checkpoint_blobs", "checkpoints"].map(
    (table) => `${table}_gone as (delete from ${schema}.${table} where thread_id in (select id from unheld))`,
  );
  const [row] = await database.query<{ jobs: number }>(
    `with unheld as (
       select kept.id from (
         select distinct thread_id as id from ${schema}.checkpoints union select job_id from ${schema}.leases
       ) kept where not exists (select from ${schema}.leases l where l.job_id = kept.id and l.until >= now())
     ), ${removals.join(", ")},
     leases_gone as (delete from ${schema}.leases where job_id in (select id from unheld))
     select count(*)::integer as jobs from unheld`,
  );
  return row!.jobs;
};
