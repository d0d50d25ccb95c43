import { fileURLToPath } from "node:url";
import type { ClientBase } from "pg";
import { AppError } from "../errors/app-error.ts";
import { listMigrations, migrationsFolder } from "./migration-files.ts";
import type { PoolDatabase } from "./pool-database.ts";

const table = "migrations";
/** Any number that nothing else locks. */
const lockId = 4_710_271_966;

/**
 * Brings the schema to the state of this code: all pending migrations in one transaction, or none. Of several processes that
 * start at once, one migrates and the others wait for it.
 *
 * @returns names of the migrations that were applied now, in order.
 * @throws {AppError} CONFIG_INVALID when the database was made by a newer version, or its migrations have a gap;
 * DATABASE_UNAVAILABLE; the driver's own error when a migration's SQL fails.
 */
export const migrate = async (
  database: Pick<PoolDatabase, "query" | "withClient">,
  folder: URL = migrationsFolder,
): Promise<{ applied: string[] }> => {
  if ((await pendingMigrations(database, folder)).length === 0) return { applied: [] };
  return database.withClient(async (client) => {
    // A migration and the wait for another's may take longer than any statement of a query.
    await client.query("set statement_timeout = 0");
    await client.query("select pg_advisory_lock($1)", [lockId]);
    try {
      const pending = await pendingMigrations({ query: rowsOf(client) }, folder);
      if (pending.length > 0) await apply(client, folder);
      return { applied: pending };
    } finally {
      await client.query("select pg_advisory_unlock($1)", [lockId]);
      await client.query("reset statement_timeout");
    }
  });
};

/**
 * Names of the migrations that are still to be applied, in order; changes nothing.
 * @throws {AppError} CONFIG_INVALID as `migrate`; DATABASE_UNAVAILABLE.
 */
export const pendingMigrations = async (
  database: Pick<PoolDatabase, "query">,
  folder: URL = migrationsFolder,
): Promise<string[]> => {
  const known = await listMigrations(folder);
  const [found] = await database.query<{ has_table: boolean }>("select to_regclass($1) is not null as has_table", [
    `public.${table}`,
  ]);
  const rows = found?.has_table
    ? await database.query<{ name: string }>(`select name from public.${table} order by name collate "C"`)
    : [];
  const applied = rows.map(({ name }) => name);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new AppError(
      "CONFIG_INVALID",
      `The database is newer than this version of Athena: it has the migration '${unknown}'. Start the newer version, or restore a backup.`,
    );
  }
  const firstPending = known.findIndex((name) => !applied.includes(name));
  if (firstPending >= 0 && firstPending < applied.length) {
    throw new AppError(
      "CONFIG_INVALID",
      `The database is half migrated: '${known[firstPending]}' is missing while a later migration is there. Restore a backup.`,
    );
  }
  return known.slice(applied.length);
};

const rowsOf =
  (client: ClientBase): PoolDatabase["query"] =>
  async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(sql, [...values])).rows;

const apply = async (client: ClientBase, folder: URL): Promise<void> => {
  // Loaded when there is something to apply: an ordinary start does without.
  const { runner } = await import("node-pg-migrate");
  await runner({
    dbClient: client,
    dir: fileURLToPath(folder),
    direction: "up",
    migrationsTable: table,
    // The files' folder has others beside them.
    ignorePattern: "(?!\\d{4}_.*\\.sql$).*",
    checkOrder: true,
    singleTransaction: true,
    // The lock is held already; the runner's own would fail instead of wait.
    noLock: true,
    log: () => undefined,
  });
};
