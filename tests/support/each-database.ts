import { pino } from "pino";
import { afterAll, beforeAll, describe } from "vitest";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../platform/db/pool-database.ts";
import { openEmptyEmbedded, openMigratedEmbedded } from "./embedded-database.ts";
import { startPostgres } from "./postgres.ts";
import { describeWithServer } from "./servers.ts";

/** A PostgreSQL server of its own with one database, empty; `close` stops and removes it. */
export const openEmptyExternal = async (): Promise<PoolDatabase> => {
  const server = await startPostgres();
  const database = await openDatabase({
    settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url },
    logger: pino({ level: "silent" }),
  });
  return {
    ...database,
    async close() {
      await database.close();
      await server.stop();
    },
  };
};

/**
 * Runs a suite twice: on the embedded database and on PostgreSQL. Each gets one database of its own, with the schema of this
 * version (`schema: "none"`: empty), opened before its tests and closed after them.
 */
export const describeOnEachDatabase = (
  suite: (database: () => PoolDatabase) => void,
  { schema = "current" }: { schema?: "current" | "none" } = {},
): void => {
  const on = (open: () => Promise<PoolDatabase>) => () => {
    let database: PoolDatabase | undefined;
    beforeAll(async () => {
      database = await open();
      if (schema === "current") await migrate(database);
    });
    afterAll(() => database?.close());
    suite(() => {
      if (database === undefined) throw new Error("the database is open inside tests only");
      return database;
    });
  };
  describe("on the embedded database", on(schema === "current" ? openMigratedEmbedded : openEmptyEmbedded));
  describeWithServer("postgres", "on PostgreSQL", on(openEmptyExternal));
};
