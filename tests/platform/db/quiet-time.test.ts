import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Database } from "../../../platform/db/database.ts";
import { createQuietTime } from "../../../platform/db/quiet-time.ts";

/** A database whose statements take so long. */
const databaseOf = (ms: number, kind: Database["kind"] = "embedded"): Database => {
  const query = async <Row extends object>(): Promise<Row[]> => {
    await delay(ms);
    return [];
  };
  return {
    kind,
    query,
    transaction: (work) => work({ query }),
    ping: async () => 0,
    close: async () => {},
  };
};

test("work behind the scenes begins at once while nobody waits for an answer", async () => {
  const at = performance.now();
  expect(
    await createQuietTime()
      .yieldTo(databaseOf(0))
      .transaction(async () => "done"),
  ).toBe("done");
  expect(performance.now() - at).toBeLessThan(500);
});

test("it waits for statements under way and for what follows them, then it runs", async () => {
  const quiet = createQuietTime();
  const watched = quiet.watch(databaseOf(100));
  const order: string[] = [];
  const first = watched.query("select 1").then(() => order.push("first"));
  const behind = quiet.yieldTo(databaseOf(0)).transaction(async () => order.push("behind"));
  await first;
  await watched.transaction(async (connection) => void (await connection.query("select 2")));
  order.push("second");
  await behind;
  expect(order).toEqual(["first", "second", "behind"]);
});

test("a transaction that stands open and asks for nothing holds nothing up", async () => {
  const quiet = createQuietTime();
  const over = new AbortController();
  const open = quiet.watch(databaseOf(0)).transaction(async (connection) => {
    await connection.query("select pg_try_advisory_xact_lock(1)");
    await delay(20_000, undefined, { signal: over.signal }).catch(() => undefined);
  });
  const at = performance.now();
  await quiet.yieldTo(databaseOf(0)).transaction(async () => "done");
  expect(performance.now() - at).toBeLessThan(1_000);
  over.abort();
  await open;
});

test.for(["embedded", "external"] as const)(
  "it is put off for a second or two at most (%s), and a failed statement counts as ended",
  async (kind) => {
    const quiet = createQuietTime();
    const failing = quiet.watch<Database>({ ...databaseOf(0), query: () => Promise.reject(new Error("no")) });
    await expect(failing.query("select 1")).rejects.toThrow("no");
    const watched = quiet.watch(databaseOf(1));
    let asking = true;
    const asked = (async () => {
      while (asking) await watched.query("select 1");
    })();
    const at = performance.now();
    await quiet.yieldTo(databaseOf(0, kind)).transaction(async () => "done");
    expect(performance.now() - at).toBeGreaterThan(500);
    expect(performance.now() - at).toBeLessThan(4_000);
    asking = false;
    await asked;
  },
);
