import type { Queryable } from "../database.ts";

/** How much of the log may have to be replayed after a kill: about half a second. */
const longestLog = 16 * 1024 * 1024;

/** The table that has changed most, by the thresholds of PostgreSQL's own autovacuum; its name comes quoted from the catalogue. */
const changedTable = `
  select format('%I.%I', schemaname, relname) as name, n_dead_tup > 50 + 0.2 * n_live_tup as has_dead_rows
  from pg_stat_user_tables
  where n_dead_tup > 50 + 0.2 * n_live_tup or n_mod_since_analyze > 50 + 0.1 * n_live_tup
  order by n_dead_tup + n_mod_since_analyze desc
  limit 1`;

const logSinceCheckpoint =
  "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()";

/**
 * Does once what PostgreSQL's background processes do, of which PGlite has none: writes a checkpoint when the log has grown, and
 * cleans and counts the table that has changed most. Without it the log grows for ever (measured: 240 MB after 300,000 rows).
 */
export const maintain = async (database: Queryable): Promise<void> => {
  const [log] = await database.query<{ bytes: number }>(logSinceCheckpoint);
  if ((log?.bytes ?? 0) > longestLog) await database.query("checkpoint");
  const [table] = await database.query<{ name: string; has_dead_rows: boolean }>(changedTable);
  if (table === undefined) return;
  // ANALYZE reads a sample, VACUUM the whole table: 2 s for 240,000 rows, in which nothing else runs.
  await database.query(table.has_dead_rows ? `vacuum (analyze) ${table.name}` : `analyze ${table.name}`);
};
