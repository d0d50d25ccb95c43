import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { expectUnavailable } from "../../contracts/database.contract.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { freePort } from "../../support/server-process.ts";
import { describeWithServer } from "../../support/servers.ts";

const open = (url: string): Promise<PoolDatabase> =>
  openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url }, logger: pino({ level: "silent" }) });

describeWithServer("postgres", "on PostgreSQL", () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test("is unavailable while the server is down, and works by itself when it is back", async () => {
    const database = await open((await server.createDatabase()).url);
    await database.query("create table kept as select 42 as answer");
    const underway = Promise.allSettled(
      Array.from({ length: 5 }, () => database.transaction((connection) => connection.query("select pg_sleep(5)"))),
    );
    await delay(100);
    await server.crash();
    for (const outcome of await underway) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "DATABASE_UNAVAILABLE", retryable: true } });
    }
    await expectUnavailable(database);
    await server.restart();
    const from = performance.now();
    while ((await database.ping().catch(() => undefined)) === undefined) {
      if (performance.now() - from > 5_000) throw new Error("it did not come back within 5 s");
      await delay(50);
    }
    expect(await database.query("select answer from kept")).toEqual([{ answer: 42 }]);
    await database.close();
  });

  test("does not invite to repeat a change when the server dies in its commit", async () => {
    const database = await open((await server.createDatabase()).url);
    await database.query("create table slow (id int)");
    // Checked at the commit, so that the commit itself takes time.
    await database.query(
      "create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return null; end $$",
    );
    await database.query(
      "create constraint trigger at_commit after insert on slow deferrable initially deferred for each row execute function wait()",
    );
    const change = database
      .transaction((connection) => connection.query("insert into slow values (1)"))
      .catch((error: unknown) => error);
    await delay(300);
    await server.crash();
    expect(await change).toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: false });
    await server.restart();
    await database.close();
  });

  test("a commit that the server refused did not happen, and may be tried again", async () => {
    const database = await open((await server.createDatabase()).url);
    await database.query("create table late (id int)");
    await database.query(
      "create function refuse() returns trigger language plpgsql as $$ begin raise 'later' using errcode = '40001'; end $$",
    );
    await database.query(
      "create constraint trigger at_commit after insert on late deferrable initially deferred for each row execute function refuse()",
    );
    const change = database.transaction((connection) => connection.query("insert into late values (1)"));
    await expect(change).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: true });
    expect(await database.query("select id from late")).toEqual([]);
    await database.close();
  });

  test("a statement that takes too long is given up, and may be tried again", async () => {
    const database = await open((await server.createDatabase()).url);
    const slow = database.transaction(async (connection) => {
      await connection.query("set local statement_timeout = 50");
      await connection.query("select pg_sleep(5)");
    });
    await expect(slow).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", retryable: true });
    await database.close();
  });

  test("ends a transaction whose connection was cut by the server, and goes on with others", async () => {
    const database = await open((await server.createDatabase()).url);
    const work = database.transaction(async (connection) => {
      const [row] = await connection.query<{ pid: number }>("select pg_backend_pid() as pid");
      await database.query("select pg_terminate_backend($1)", [row?.pid]);
      await delay(50);
      await connection.query("select 1");
    });
    await expect(work).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
    await database.close();
  });

  test("stops the start with a sentence when the database or the user does not exist", async () => {
    await expect(
      open(server.url.replace("/postgres", "/nowhere").replace("postgres:", "postgresql:")),
    ).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: "The database that DATABASE_URL names does not exist.",
    });
    await expect(open(server.url.replace("athena@", "nobody:hidden@"))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: "The database refuses the user or password of DATABASE_URL.",
    });
  });
});

test("is unavailable where no server listens", async () => {
  await expect(open(`postgres://athena@127.0.0.1:${await freePort()}/athena`)).rejects.toMatchObject({
    code: "DATABASE_UNAVAILABLE",
  });
});
