import { execFileSync } from "node:child_process";
import { pino } from "pino";
import { expect, test } from "vitest";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { startPostgres } from "../support/postgres.ts";
import { describeWithServer, findProgram } from "../support/servers.ts";

/** The dump without what differs between minor versions and says nothing about the schema. */
const essential = (dump: string): string =>
  `${dump
    .split("\n")
    .filter((line) => !/^(--|\\|SET |SELECT pg_catalog)/.test(line))
    .join("\n")
    .replace(/\n{2,}/g, "\n\n")
    .trim()}\n`;

describeWithServer("postgres", "schema", () => {
  // After a new migration: `npx vitest run tests/migrations -u`, so that a review shows what it changes.
  test("the dumped schema is what the migrations make", async () => {
    const server = await startPostgres();
    try {
      const database = await openDatabase({
        settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url },
        logger: pino({ level: "silent" }),
      });
      await migrate(database).finally(() => database.close());
      const options = ["--schema-only", "--no-owner", "--no-privileges", "--exclude-table=migrations", server.url];
      const dump = execFileSync(findProgram("pg_dump") ?? "pg_dump", options, { encoding: "utf8" });
      await expect(essential(dump)).toMatchFileSnapshot("../../migrations/schema.sql");
    } finally {
      await server.stop();
    }
  });
});
