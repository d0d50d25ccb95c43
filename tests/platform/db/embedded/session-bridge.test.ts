import type { Server } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPglite } from "../../../../platform/db/embedded/open-pglite.ts";
import { createSessionBridge } from "../../../../platform/db/embedded/session-bridge.ts";
import { dataDirWithCluster } from "../../../support/embedded-database.ts";
import { removeDataDir } from "../../../support/server-process.ts";

const idleInTransactionMs = 300;
let dataDir: string;
let database: PGlite;
let bridge: Server;
const broken: unknown[] = [];
const socketPath = () => join(dataDir, ".s.PGSQL.5432");

beforeAll(async () => {
  dataDir = await dataDirWithCluster();
  database = await openPglite(join(dataDir, "db"));
  bridge = createSessionBridge({ database, idleInTransactionMs, onBroken: (error) => broken.push(error) });
  await new Promise<void>((resolve) => bridge.listen(socketPath(), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => bridge?.close(resolve));
  await database?.close();
  await removeDataDir(dataDir);
  expect(broken).toEqual([]);
});

const client = async (): Promise<pg.Client> => {
  const made = new pg.Client({ host: dataDir, user: "postgres", database: "postgres" });
  made.on("error", () => undefined);
  await made.connect();
  return made;
};
const count = async (): Promise<number> => {
  const one = await client();
  const { rows } = await one.query("select count(*)::int as n from notes");
  await one.end();
  return rows[0].n;
};
beforeEach(async () => {
  const one = await client();
  await one.query("drop table if exists notes");
  await one.query("create table notes (text text)");
  await one.end();
});

test("lets others wait for a transaction and gives them its outcome", async () => {
  const [holder, other] = [await client(), await client()];
  await holder.query("begin");
  await holder.query("insert into notes values ('first')");
  const order: string[] = [];
  const waiting = other.query("select count(*)::int as n from notes").then(({ rows }) => {
    order.push("other");
    return rows[0].n;
  });
  await delay(50);
  await holder.query("commit").then(() => order.push("commit"));
  expect(await waiting).toBe(1);
  expect(order).toEqual(["commit", "other"]);
  await Promise.all([holder.end(), other.end()]);
});

test("rolls back what a connection leaves open, whether it closes or breaks", async () => {
  for (const leave of [
    (one: pg.Client) => one.end(),
    async (one: pg.Client) =>
      void (one as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
  ]) {
    const holder = await client();
    await holder.query("begin");
    await holder.query("insert into notes values ('left open')");
    await leave(holder);
    expect(await count()).toBe(0);
  }
});

test("rolls back a failed transaction that a connection leaves open", async () => {
  const holder = await client();
  await holder.query("begin");
  await holder.query("insert into notes values ('left open')");
  await expect(holder.query("select no_such_column")).rejects.toThrow("no_such_column");
  await holder.end();
  expect(await count()).toBe(0);
});

test("ends a transaction in which nothing happens, for all others wait for it", async () => {
  const holder = await client();
  const lost = new Promise((resolve) => holder.once("end", resolve));
  await holder.query("begin");
  await holder.query("insert into notes values ('forgotten')");
  const from = performance.now();
  expect(await count()).toBe(0);
  expect(performance.now() - from).toBeGreaterThan(idleInTransactionMs - 50);
  await lost;
});

test("does not end a transaction that is at work for longer than that", async () => {
  const holder = await client();
  await holder.query("begin");
  for (let steps = 0; steps < 5; steps += 1) {
    await holder.query("insert into notes values ('at work')");
    await delay(idleInTransactionMs / 3);
  }
  await holder.query("select pg_sleep(0.5)");
  await holder.query("commit");
  await holder.end();
  expect(await count()).toBe(5);
});

test("answers a connection that breaks off in the middle of a message with nothing, and goes on", async () => {
  const half = connect(socketPath());
  half.on("error", () => undefined);
  half.write(Buffer.from([0, 0, 0, 50, 0, 3]));
  await delay(20);
  half.destroy();
  const nonsense = connect(socketPath());
  nonsense.on("error", () => undefined);
  nonsense.write("GET / HTTP/1.1\r\n\r\n");
  await new Promise((resolve) => nonsense.once("close", resolve));
  expect(await count()).toBe(0);
});

test("says that it does not encrypt", async () => {
  const secure = new pg.Client({ host: dataDir, user: "postgres", database: "postgres", ssl: true });
  await expect(secure.connect()).rejects.toThrow("SSL");
  expect(await count()).toBe(0);
});

test("hands statements of an abandoned queue to nobody", async () => {
  const [holder, gone] = [await client(), await client()];
  await holder.query("begin");
  gone.query("insert into notes values ('never')").catch(() => undefined);
  await delay(20);
  (gone as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  await delay(20);
  await holder.query("commit");
  await holder.end();
  expect(await count()).toBe(0);
});
