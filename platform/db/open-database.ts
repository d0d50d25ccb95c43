import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { PoolDatabase } from "./pool-database.ts";

export interface OpenDatabaseDeps {
  readonly settings: Pick<Settings, "ATHENA_DATA_DIR" | "DATABASE_URL">;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
}

/**
 * Opens the main database, ready for statements: PostgreSQL at `DATABASE_URL`, else the embedded one in the data folder,
 * which it makes (mode 0700) and holds against other processes until `close`. The choice is made here and nowhere else.
 *
 * Rows come as `pg` parses them: `bigint` and `numeric` as strings, `timestamptz` as `Date`, `jsonb` parsed, `vector` as its text.
 * While a transaction of the embedded database runs, all other statements wait: inside one use its connection only.
 *
 * @throws {AppError} CONFIG_INVALID when the folder is held by another process or cannot be used, or the server is older
 * than PostgreSQL 15; DATABASE_UNAVAILABLE when the database does not start or cannot be reached.
 */
export const openDatabase = async ({ settings, logger }: OpenDatabaseDeps): Promise<PoolDatabase> => {
  // Each half brings packages that the other does without.
  if (settings.DATABASE_URL !== undefined) {
    const { openExternalDatabase } = await import("./open-external-database.ts");
    return openExternalDatabase({ url: settings.DATABASE_URL, logger });
  }
  const { openEmbeddedDatabase } = await import("./embedded/open-embedded-database.ts");
  return openEmbeddedDatabase({ dataDir: settings.ATHENA_DATA_DIR, logger });
};
