import type { Queryable } from "../../platform/db/database.ts";

/** Takes a job's row for the transaction; false when there is no such job, or it has ended. */
export const holdUnended = async (connection: Queryable, id: string): Promise<boolean> => {
  const rows = await connection.query("select 1 as one from jobs where id = $1 and ended_at is null for update", [id]);
  return rows.length > 0;
};

/** Makes the status follow from what is known of a job that has not ended; its row is held. */
export const settleStatus = async (connection: Queryable, id: string): Promise<void> => {
  await connection.query(
    `update jobs j set status = case
       when q.unknown > 0 then 'outcome_unknown' when q.open > 0 then 'waiting_approval'
       when j.started_at is null then 'queued' else 'running' end
     from (select count(*) as open, count(*) filter (where about = 'outcome') as unknown
       from job_questions where job_id = $1 and decision is null) q
     where j.id = $1 and j.ended_at is null`,
    [id],
  );
};
