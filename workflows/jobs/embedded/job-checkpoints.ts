import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import type { ClientBase, Pool } from "pg";
import { mapStatementError } from "../../../platform/db/map-database-error.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import type { JobLease } from "./job-leases.ts";
import { RunSaver } from "./run-saver.ts";

/** Where the embedded engine keeps its jobs' steps: tables of LangGraph's checkpointer in a schema of their own. */
export interface JobCheckpoints {
  /** Makes the tables, or brings them to this version; of several processes at once one does it and the others wait. */
  setUp(): Promise<void>;
  /** For one run of a job. */
  saverOf(lease: JobLease): RunSaver;
  has(jobId: string): Promise<boolean>;
  /** Jobs of which something is kept. */
  jobs(): Promise<readonly string[]>;
  /** Forgets all that is kept of jobs that are over. */
  remove(jobIds: readonly string[]): Promise<void>;
  /** Bytes that the tables take. */
  bytes(): Promise<number>;
}

/** Any number that nothing else locks. */
const lockId = 4_710_271_970;

/** The part of a pool that the checkpointer uses, on connections that the database lends. */
const poolOn = (database: PoolDatabase): Pool => {
  const connect = () =>
    new Promise<object>((lend, refuse) => {
      database
        .withClient(
          (client) =>
            new Promise<void>((release) => {
              const query = (text: string, values?: unknown[]) =>
                client.query(text, values).catch((error: unknown) => {
                  throw mapStatementError(error);
                });
              lend({ query, release });
            }),
        )
        .catch(refuse);
    });
  const query = async (text: string, values?: readonly unknown[]) => ({ rows: await database.query(text, values) });
  // The checkpointer's types ask for the whole class.
  return { connect, query } as unknown as Pool;
};

/** `schema` is a plain name: it stands in statements. */
export const createJobCheckpoints = (database: PoolDatabase, schema: string): JobCheckpoints => {
  const pool = poolOn(database);
  const makeTables = async (client: ClientBase): Promise<void> => {
    await client.query("select pg_advisory_lock($1)", [lockId]);
    try {
      await new PostgresSaver(pool, undefined, { schema }).setup();
      await client.query(
        `create table if not exists ${schema}.leases (
           job_id text primary key, holder text not null, fence bigint not null, until timestamptz not null,
           rests boolean not null default false)`,
      );
      await client.query(`create index if not exists leases_left on ${schema}.leases (until) where not rests`);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [lockId]);
    }
  };
  return {
    setUp: () => database.withClient(makeTables),
    saverOf: (lease) => new RunSaver({ database, pool, schema, lease }),
    async has(jobId) {
      const rows = await database.query(`select 1 from ${schema}.checkpoints where thread_id = $1 limit 1`, [jobId]);
      return rows.length > 0;
    },
    async jobs() {
      const rows = await database.query<{ id: string }>(
        `select distinct thread_id as id from ${schema}.checkpoints union select job_id from ${schema}.leases`,
      );
      return rows.map(({ id }) => id);
    },
    async remove(jobIds) {
      await database.transaction(async (connection) => {
        for (const table of ["checkpoint_writes", "checkpoint_blobs", "checkpoints"]) {
          await connection.query(`delete from ${schema}.${table} where thread_id = any($1)`, [jobIds]);
        }
        await connection.query(`delete from ${schema}.leases where job_id = any($1)`, [jobIds]);
      });
    },
    async bytes() {
      const [row] = await database.query<{ bytes: string }>(
        `select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes from pg_class c
         join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
        [schema],
      );
      return Number(row?.bytes ?? 0);
    },
  };
};
