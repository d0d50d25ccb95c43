import pg from "pg";
import type { Logger } from "pino";
import { AppError } from "../errors/app-error.ts";
import { createPoolDatabase, type PoolDatabase } from "./pool-database.ts";
import { watchPool } from "./watch-pool.ts";

export interface ExternalDatabaseOptions {
  readonly url: string;
  readonly logger: Pick<Logger, "warn">;
}

/** Longest time for one statement, and for a transaction that does nothing; the server enforces both. */
const statementTimeoutMs = 30_000;
/** A server that is gone without closing its connections is noticed after this time. */
const answerTimeoutMs = statementTimeoutMs + 5_000;
const oldestVersion = 150_000;

/**
 * A pool of connections to PostgreSQL.
 * @throws {AppError} DATABASE_UNAVAILABLE; CONFIG_INVALID when the user, the database or the server's version will not do.
 */
export const openExternalDatabase = async ({ url, logger }: ExternalDatabaseOptions): Promise<PoolDatabase> => {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "athena",
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
  });
  watchPool(pool, logger);
  const database = createPoolDatabase({
    pool,
    kind: "external",
    statementName: (_client, name) => name,
    stop: async () => undefined,
  });
  try {
    const [row] = await database.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    );
    if ((row?.version ?? 0) < oldestVersion) {
      throw new AppError("CONFIG_INVALID", "DATABASE_URL: PostgreSQL 15 or newer is needed, this server is older.");
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
};
