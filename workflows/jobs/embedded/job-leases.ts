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
  /** Lets a job go: it rests until people have spoken, or is for whoever goes on with it. */
  release(lease: JobLease, rests: boolean): Promise<void>;
  /** Of these jobs those that nobody holds, and whether they were ever held. */
  free(jobIds: readonly string[]): Promise<ReadonlyMap<string, { readonly isNew: boolean }>>;
  /** Jobs whose holder went away with work to do. In a database of one process its own are among them. */
  left(limit: number): Promise<readonly string[]>;
  /** Keeps the lease as it is until the connection's transaction ends. @throws {LeaseLost} */
  assertHeld(lease: JobLease, connection?: Queryable): Promise<void>;
}

export interface JobLeasesOptions {
  readonly database: PoolDatabase;
  /** A plain name: it stands in statements, and in the names under which connections remember them. */
  readonly schema: string;
  /** How long a process that says nothing keeps its jobs. */
  readonly leaseMs: number;
}

export const createJobLeases = ({ database, schema, leaseMs }: JobLeasesOptions): JobLeases => {
  const holder = randomUUID();
  // The embedded database belongs to one process: what another held, it held before it died.
  const isLapsed = database.kind === "embedded" ? "true" : "l.until < now()";
  return {
    async claim(jobId) {
      const [row] = await database.query<{ fence: string }>(
        `insert into ${schema}.leases as l (job_id, holder, fence, until)
         values ($1, $2, 1, now() + $3 * interval '1 millisecond')
         on conflict (job_id) do update set holder = $2, fence = l.fence + 1, until = excluded.until, rests = false
           where ${isLapsed}
         returning fence`,
        [jobId, holder, leaseMs],
        `${schema}_claim`,
      );
      return row && { jobId, holder, fence: Number(row.fence) };
    },
    async renew(leases) {
      const jobs = leases.map(({ jobId }) => jobId);
      if (database.kind === "embedded" || jobs.length === 0) return new Set(jobs);
      const rows = await database.query<{ job_id: string }>(
        `update ${schema}.leases l set until = now() + $4 * interval '1 millisecond'
         from unnest($1::text[], $2::bigint[]) as mine (job_id, fence)
         where l.job_id = mine.job_id and l.fence = mine.fence and l.holder = $3 returning l.job_id`,
        [jobs, leases.map(({ fence }) => fence), holder, leaseMs],
      );
      return new Set(rows.map(({ job_id }) => job_id));
    },
    async release({ jobId, fence }, rests) {
      await database.query(
        // Nobody's, so that a renewal that is under way does not take it back.
        `update ${schema}.leases set until = '-infinity', holder = '', rests = $4
         where job_id = $1 and fence = $2 and holder = $3`,
        [jobId, fence, holder, rests],
      );
    },
    async free(jobIds) {
      const rows = await database.query<{ job_id: string; is_new: boolean }>(
        `select asked.job_id, l.job_id is null as is_new from unnest($1::text[]) as asked (job_id)
         left join ${schema}.leases l on l.job_id = asked.job_id where l.job_id is null or ${isLapsed}`,
        [jobIds],
      );
      return new Map(rows.map(({ job_id, is_new }) => [job_id, { isNew: is_new }]));
    },
    async left(limit) {
      const rows = await database.query<{ job_id: string }>(
        `select l.job_id from ${schema}.leases l where not l.rests and ${isLapsed} order by l.until limit $1`,
        [limit],
        `${schema}_left`,
      );
      return rows.map(({ job_id }) => job_id);
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
