import { randomUUID } from "node:crypto";
import type { Queryable } from "../../../platform/db/database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";

/** The right to run one job; `fence` grows with each holder, so that what an earlier one sends is known. */
export interface JobLease {
  readonly jobId: string;
  readonly holder: string;
  readonly fence: number;
}

/** Another process has the job, because this one was away for too long. */
export class LeaseLost extends Error {
  constructor() {
    super("another process runs this job");
    this.name = "LeaseLost";
  }
}

/** Who runs which job: of all processes on one database, one at a time. */
export interface JobLeases {
  /** Undefined while another holds it. */
  claim(jobId: string): Promise<JobLease | undefined>;
  /** Keeps leases for another period; those that are still one's own. */
  renew(leases: readonly JobLease[]): Promise<ReadonlySet<string>>;
  /** Lets a job go that waits for answers to these questions, or (none) for whoever goes on with it. */
  release(lease: JobLease, waitsFor: readonly string[]): Promise<void>;
  /** Of these jobs those that nobody holds, with what they wait for. */
  free(jobIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The job is over. */
  remove(lease: JobLease): Promise<void>;
  /** Keeps the lease as it is until the connection's transaction ends. @throws {LeaseLost} */
  assertHeld(lease: JobLease, connection?: Queryable): Promise<void>;
}

export interface JobLeasesOptions {
  readonly database: PoolDatabase;
  readonly schema: string;
  /** How long a process that says nothing keeps its jobs. */
  readonly leaseMs: number;
}

export const createJobLeases = ({ database, schema, leaseMs }: JobLeasesOptions): JobLeases => {
  const holder = randomUUID();
  // The embedded database belongs to one process: what another held, it held before it died.
  const alone = database.kind === "embedded";
  const period = `now() + ${leaseMs} * interval '1 millisecond'`;
  return {
    async claim(jobId) {
      const [row] = await database.query<{ fence: string }>(
        `insert into ${schema}.leases as l (job_id, holder, fence, until) values ($1, $2, 1, ${period})
         on conflict (job_id) do update set holder = $2, fence = l.fence + 1, until = ${period}, waits_for = '{}'
           where ${alone ? "true" : "l.until < now()"}
         returning fence`,
        [jobId, holder],
        "claim-job",
      );
      return row && { jobId, holder, fence: Number(row.fence) };
    },
    async renew(leases) {
      const jobs = leases.map(({ jobId }) => jobId);
      if (alone || jobs.length === 0) return new Set(jobs);
      const rows = await database.query<{ job_id: string }>(
        `update ${schema}.leases l set until = ${period}
         from unnest($1::text[], $2::bigint[]) as mine (job_id, fence)
         where l.job_id = mine.job_id and l.fence = mine.fence and l.holder = $3 returning l.job_id`,
        [jobs, leases.map(({ fence }) => fence), holder],
      );
      return new Set(rows.map(({ job_id }) => job_id));
    },
    async release({ jobId, fence }, waitsFor) {
      await database.query(
        // Nobody's, so that a renewal that is under way does not take it back.
        `update ${schema}.leases set until = '-infinity', holder = '', waits_for = $4
         where job_id = $1 and fence = $2 and holder = $3`,
        [jobId, fence, holder, waitsFor],
      );
    },
    async free(jobIds) {
      const rows = await database.query<{ job_id: string; waits_for: readonly string[] }>(
        `select job_id, waits_for from unnest($1::text[]) as asked (job_id) left join ${schema}.leases using (job_id)
         where until is null or ${alone ? "true" : "until < now()"}`,
        [jobIds],
      );
      return new Map(rows.map(({ job_id, waits_for }) => [job_id, waits_for ?? []]));
    },
    async remove({ jobId, fence }) {
      await database.query(`delete from ${schema}.leases where job_id = $1 and fence = $2 and holder = $3`, [
        jobId,
        fence,
        holder,
      ]);
    },
    async assertHeld({ jobId, fence }, connection = database) {
      const rows = await connection.query(
        `select 1 from ${schema}.leases where job_id = $1 and fence = $2 and holder = $3 for update`,
        [jobId, fence, holder],
      );
      if (rows.length === 0) throw new LeaseLost();
    },
  };
};
