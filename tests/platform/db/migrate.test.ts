import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { migrate, pendingMigrations } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";

const cleanUp: string[] = [];
afterAll(() => Promise.all(cleanUp.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder of migrations as a release has it, with other files beside them. */
const release = async (files: Readonly<Record<string, string>>): Promise<URL> => {
  const folder = await mkdtemp(join(tmpdir(), "athena-migrations-"));
  cleanUp.push(folder);
  await mkdir(join(folder, "defaults"));
  await writeFile(join(folder, "README.md"), "not a migration");
  await writeFile(join(folder, "defaults", "0009_rows.sql"), "select not_a_migration");
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, `${name}.sql`), sql);
  return pathToFileURL(`${folder}/`);
};

const first = {
  "0001_notes": `
    create table notes (id int primary key, text text default 'a;b');
    create function shout(text text) returns text language plpgsql as $$ begin return upper(text) || '!;'; end $$;`,
};
const second = {
  ...first,
  "0002_marks": "alter table notes add column mark text; insert into notes values (1, shout('x'));",
};
const broken = {
  ...second,
  "0003_more": "create table more (id int)",
  "0004_broken": "create table other (id int); select no_such_column;",
};

describeOnEachDatabase(
  (open) => {
    describe("migrations", () => {
      beforeEach(async () => {
        await open().query("drop schema public cascade");
        await open().query("create schema public");
      });

      test("apply in order, each once", async () => {
        const database = open();
        expect(await pendingMigrations(database, await release(second))).toEqual(["0001_notes", "0002_marks"]);
        expect(await migrate(database, await release(first))).toEqual({ applied: ["0001_notes"] });
        expect(await migrate(database, await release(second))).toEqual({ applied: ["0002_marks"] });
        expect(await migrate(database, await release(second))).toEqual({ applied: [] });
        expect(await database.query("select * from notes")).toEqual([{ id: 1, text: "X!;", mark: null }]);
      });

      test("leave nothing behind when one of them fails", async () => {
        const database = open();
        await migrate(database, await release(first));
        await expect(migrate(database, await release(broken))).rejects.toMatchObject({ code: "42703" });
        const tables = await database.query(
          "select tablename from pg_tables where schemaname = 'public' order by tablename",
        );
        expect(tables).toEqual([{ tablename: "migrations" }, { tablename: "notes" }]);
        expect(await pendingMigrations(database, await release(second))).toEqual(["0002_marks"]);
        expect(await migrate(database, await release(second))).toEqual({ applied: ["0002_marks"] });
      });

      test("refuse a database that a newer version has made, and change nothing", async () => {
        const database = open();
        await migrate(database, await release(second));
        const older = migrate(database, await release(first));
        await expect(older).rejects.toMatchObject({ code: "CONFIG_INVALID" });
        await expect(older).rejects.toThrow("newer than this version of Athena: it has the migration '0002_marks'");
        expect(await database.query("select mark from notes")).toEqual([{ mark: null }]);
      });

      test("refuse a database that is half migrated", async () => {
        const database = open();
        await migrate(database, await release(second));
        await database.query("delete from migrations where name = '0001_notes'");
        const again = migrate(database, await release(second));
        await expect(again).rejects.toMatchObject({ code: "CONFIG_INVALID" });
        await expect(again).rejects.toThrow("half migrated: '0001_notes' is missing");
      });

      test("of this version apply to an empty database", async () => {
        const { applied } = await migrate(open());
        expect(applied.length).toBeGreaterThan(0);
        expect(await pendingMigrations(open())).toEqual([]);
      });
    });
  },
  { schema: "none" },
);

describeWithServer("postgres", "migrations of processes that start at once", () => {
  let server: Postgres;
  const databases: PoolDatabase[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    const { url } = await server.createDatabase();
    for (let processes = 0; processes < 4; processes += 1) {
      databases.push(
        await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url }, logger: pino({ level: "silent" }) }),
      );
    }
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server?.stop();
  });

  test("apply once, and all wait until they are there", async () => {
    const folder = await release({ ...second, "0003_slow": "select pg_sleep(0.3); create table slow (id int)" });
    const outcomes = await Promise.all(databases.map((database) => migrate(database, folder)));
    const applied = outcomes.filter((outcome) => outcome.applied.length > 0);
    expect(applied).toEqual([{ applied: ["0001_notes", "0002_marks", "0003_slow"] }]);
    expect(await databases[0]?.query("select text from notes")).toEqual([{ text: "X!;" }]);
    const [row] =
      (await databases[0]?.query<{ held: number }>(
        "select count(*)::int as held from pg_locks where locktype = 'advisory'",
      )) ?? [];
    expect(row?.held).toBe(0);
  });
});
