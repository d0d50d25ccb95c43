import { existsSync, statSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { maintain } from "../../../../platform/db/embedded/maintain.ts";
import { openDatabase } from "../../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../../platform/db/pool-database.ts";
import { expectUnavailable } from "../../../contracts/database.contract.ts";
import { dataDirWithCluster, putCluster } from "../../../support/embedded-database.ts";
import { freshDataDir, removeDataDir } from "../../../support/server-process.ts";
import { startScript } from "../../../support/start-script.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const open = async (dataDir: string): Promise<PoolDatabase> => {
  const database = await openDatabase({
    settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined },
    logger: pino({ level: "silent" }),
  });
  cleanUp.push(() => database.close());
  return database;
};
const preparedDir = async (): Promise<string> => {
  const dataDir = await dataDirWithCluster();
  cleanUp.push(() => removeDataDir(dataDir));
  return dataDir;
};

test("makes its cluster at the first start, in a folder closed to others, and finds its data at the next", async () => {
  const parent = await freshDataDir();
  cleanUp.push(() => removeDataDir(parent));
  const dataDir = join(parent, "not", "yet", "there");
  const first = await open(dataDir);
  await first.query("create table kept as select 42 as answer");
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, ".s.PGSQL.5432")).mode & 0o777).toBe(0o600);
  await first.close();
  const second = await open(dataDir);
  expect(await second.query("select answer from kept")).toEqual([{ answer: 42 }]);
});

test("begins anew when an earlier first start was killed half-way", async () => {
  const dataDir = await freshDataDir();
  cleanUp.push(() => removeDataDir(dataDir));
  await mkdir(join(dataDir, "db-unfinished-abc", "base"), { recursive: true });
  const database = await open(dataDir);
  expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).filter((name) => name.startsWith("db"))).toEqual(["db"]);
});

test("refuses a folder that another process holds, and takes it once that one was killed", async () => {
  const dataDir = await preparedDir();
  const holder = startScript("hold-database.ts", [dataDir, "idle"]);
  cleanUp.push(() => holder.kill());
  await holder.line("open");
  const refused = open(dataDir);
  await expect(refused).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(refused).rejects.toThrow(`The data folder ${dataDir} is in use by another Athena process.`);
  await expect(refused).rejects.toThrow("ATHENA_DATA_DIR");
  await holder.kill();
  const database = await open(dataDir);
  expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
});

test("refuses a folder that this process holds already, and lets go of it when closed", async () => {
  const dataDir = await preparedDir();
  const first = await open(dataDir);
  await expect(open(dataDir)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await first.close();
  await open(dataDir);
});

test("says so when the folder cannot be made", async () => {
  const dataDir = await preparedDir();
  const file = join(dataDir, "db", "PG_VERSION");
  await expect(open(join(file, "below"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("loses nothing acknowledged and keeps transactions whole when killed, three times over", async () => {
  const dataDir = await preparedDir();
  const acknowledged: string[] = [];
  for (const afterMs of [300, 450, 600]) {
    const writer = startScript("hold-database.ts", [dataDir]);
    cleanUp.push(() => writer.kill());
    await writer.line("pair");
    await delay(afterMs);
    await writer.kill();
    acknowledged.push(...writer.lines);
  }
  const database = await open(dataDir);
  const rows = await database.query<{ id: string; pair: string | null }>("select id, pair from kept");
  const ids = new Set(rows.map(({ id }) => `single ${id}`));
  const halves = Map.groupBy(
    rows.filter(({ pair }) => pair !== null),
    ({ pair }) => `pair ${pair}`,
  );
  const facts = acknowledged.filter((line) => line !== "open");
  expect(facts.length).toBeGreaterThan(100);
  expect(facts.filter((fact) => !(ids.has(fact) || halves.has(fact)))).toEqual([]);
  expect([...halves.values()].filter((rowsOfPair) => rowsOfPair.length !== 2)).toEqual([]);
});

test("works in a data folder whose path is too long for a socket, and leaves nothing behind", async () => {
  const parent = await freshDataDir();
  cleanUp.push(() => removeDataDir(parent));
  const dataDir = join(parent, "a".repeat(60), "ż".repeat(40));
  await putCluster(dataDir);
  const folders = async () => (await readdir(tmpdir())).filter((name) => /^athena-[0-9a-f]{16}$/.test(name));
  const before = new Set(await folders());
  const database = await open(dataDir);
  expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, ".s.PGSQL.5432"))).toBe(false);
  const [folder = ""] = (await folders()).filter((name) => !before.has(name));
  expect(statSync(join(tmpdir(), folder)).mode & 0o777).toBe(0o700);
  await database.close();
  expect(existsSync(join(tmpdir(), folder))).toBe(false);
});

test("leaves the event loop free while a long statement runs", async () => {
  const database = await open(await preparedDir());
  await database.ping();
  let longestGapMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longestGapMs = Math.max(longestGapMs, performance.now() - last);
    last = performance.now();
  }, 5);
  const from = performance.now();
  await database.query("select sum(length(md5(n::text))) from generate_series(1, 800000) n");
  const ms = performance.now() - from;
  clearInterval(timer);
  expect(ms).toBeGreaterThan(400);
  expect(longestGapMs).toBeLessThan(ms / 2);
});

test("starts its database again by itself when that broke, with everything in it", async () => {
  const dataDir = await preparedDir();
  const database = await open(dataDir);
  await database.query("create table kept as select 42 as answer");
  const answer = () => database.query("select answer from kept", [], "answer");
  expect(await answer()).toEqual([{ answer: 42 }]);
  // PGlite does not survive a client that asks for a protocol it does not know.
  const client = connect(join(dataDir, ".s.PGSQL.5432"));
  client.on("error", () => undefined);
  client.write(Buffer.from([0, 0, 0, 8, 0, 1, 0, 0]));
  await new Promise((resolve) => client.once("close", resolve));
  await expectUnavailable(database);
  const from = performance.now();
  while ((await answer().catch(() => undefined)) === undefined) {
    if (performance.now() - from > 8_000) throw new Error("it did not come back");
    await delay(50);
  }
  expect(await answer()).toEqual([{ answer: 42 }]);
});

test("gives its log's files back and counts its rows, as PostgreSQL's background processes would", async () => {
  const dataDir = await preparedDir();
  const database = await open(dataDir);
  const logFiles = async () =>
    (await readdir(join(dataDir, "db", "pg_wal"))).filter((name) => /^[0-9A-F]{24}$/.test(name));
  await database.query("create table big (id int primary key, text text)");
  for (let times = 0; times < 4; times += 1) {
    await database.query(
      "insert into big select n, repeat(md5(n::text), 60) from generate_series($1::int, $2::int) n",
      [times * 15_000, times * 15_000 + 14_999],
    );
  }
  await database.query("delete from big where id % 2 = 0");
  const before = (await logFiles()).length;
  for (let times = 0; times < 3; times += 1) await maintain(database);
  expect((await logFiles()).length).toBeLessThan(before);
  const [state] = await database.query(
    "select n_dead_tup::int as dead, n_mod_since_analyze::int as changed from pg_stat_user_tables where relname = 'big'",
  );
  expect(state).toEqual({ dead: 0, changed: 0 });
  const [estimate] = await database.query<{ rows: number }>(
    "select reltuples::int as rows from pg_class where relname = 'big'",
  );
  expect(estimate?.rows).toBe(30_000);
});

test("is closed once, whoever asks how often, and then unavailable", async () => {
  const database = await open(await preparedDir());
  await Promise.all([database.close(), database.close()]);
  await expectUnavailable(database);
});
