import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Cache } from "../../../platform/cache/cache.ts";
import { openCache } from "../../../platform/cache/open-cache.ts";
import { cacheContract } from "../../contracts/cache.contract.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { freePort } from "../../support/server-process.ts";
import { describeWithServer } from "../../support/servers.ts";

const lines: string[] = [];
const note = (...line: unknown[]) =>
  void lines.push(inspect(line.length === 1 ? line[0] : line, { depth: 10 }).replace(/^'|'$/g, ""));
const logger = { info: note, warn: note };
const open = (url: string): Promise<Cache> => openCache({ settings: { REDIS_URL: url }, logger });
const timed = async <Result>(work: Promise<Result>): Promise<{ result: Result; ms: number }> => {
  const from = performance.now();
  return { result: await work, ms: performance.now() - from };
};
const until = async (condition: () => Promise<boolean>): Promise<void> => {
  for (const from = performance.now(); !(await condition()); await delay(50)) {
    if (performance.now() - from > 5_000) throw new Error("it did not come back within 5 s");
  }
};

const expectEmpty = async (cache: Cache): Promise<void> => {
  expect(await cache.get("kept")).toBeUndefined();
  await cache.set("kept", "not now", 10_000);
  await cache.delete("kept");
  expect(await cache.increment("count", 3, 10_000)).toBe(3);
  expect(await cache.lock("place", 10_000)).toBeUndefined();
  await expect(cache.ping()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", retryable: true });
};

describeWithServer("redis", "with Redis", () => {
  let server: RedisServer;
  let cache: Cache;
  beforeAll(async () => {
    server = await startRedis();
    cache = await open(server.url);
  });
  afterAll(async () => {
    await cache?.close();
    await server?.stop();
  });

  cacheContract(() => cache);

  test("keeps its keys under one prefix, each with an end", async () => {
    await cache.set("one", 1, 10_000);
    await cache.increment("two", 1, 10_000);
    await cache.lock("three", 10_000);
    const direct = new Redis(server.url);
    const keys = await direct.keys("*");
    const ends = await Promise.all(keys.map((key) => direct.pttl(key)));
    direct.disconnect();
    expect(keys).toEqual(expect.arrayContaining(["athena:one", "athena:two", "athena:lock:three"]));
    expect(keys.filter((key) => !key.startsWith("athena:"))).toEqual([]);
    // -1: without an end; -2: one that has ended meanwhile.
    expect(ends.filter((end) => end === -1)).toEqual([]);
  });

  test("shares values, counters and locks between processes", async () => {
    const other = await open(server.url);
    await cache.set("shared", "by the first", 10_000);
    await cache.increment("shared count", 1, 10_000);
    const lock = await cache.lock("shared place", 10_000);
    expect(await other.get("shared")).toBe("by the first");
    expect(await other.increment("shared count", 1, 10_000)).toBe(2);
    expect(await other.lock("shared place", 10_000)).toBeUndefined();
    await lock?.release();
    expect((await other.lock("shared place", 10_000))?.fencing).toBeGreaterThan(lock?.fencing ?? Number.NaN);
    await other.close();
  });

  test("finds nothing where another program wrote something else", async () => {
    const direct = new Redis(server.url);
    await direct.set("athena:foreign", "{not json");
    await direct.rpush("athena:list", "a");
    direct.disconnect();
    expect(await cache.get("foreign")).toBeUndefined();
    expect(await cache.get("list")).toBeUndefined();
  });
});

describeWithServer("redis", "with a Redis that goes away", () => {
  let server: RedisServer;
  let cache: Cache;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await cache?.close();
    lines.length = 0;
  });
  afterAll(() => server?.stop());

  test("is an empty cache at once when Redis is killed, and works by itself when it is back", async () => {
    cache = await open(server.url);
    await cache.set("kept", "before", 10_000);
    const before = await cache.lock("fenced", 10_000);
    const underway = Promise.all(Array.from({ length: 200 }, () => cache.get("kept")));
    await server.crash();
    await underway;
    const { ms } = await timed(expectEmpty(cache));
    expect(ms).toBeLessThan(500);
    await server.restart();
    await until(() => cache.ping().then(Boolean, () => false));
    await cache.set("kept", "after", 10_000);
    expect(await cache.get("kept")).toBe("after");
    // Redis has lost everything, and the number still grows.
    expect((await cache.lock("fenced", 10_000))?.fencing).toBeGreaterThan(before?.fencing ?? Number.NaN);
    expect(lines).toEqual(["Redis is away; the cache is empty until it is back", "Redis is back"]);
  });

  test("waits a fraction of a second for a Redis that hangs, and soon not at all", async () => {
    cache = await open(server.url);
    await cache.set("kept", "before", 10_000);
    server.pause();
    try {
      const first = await timed(Promise.all(Array.from({ length: 100 }, () => cache.get("kept"))));
      expect(first.result.every((value) => value === undefined)).toBe(true);
      expect(first.ms).toBeLessThan(1_000);
      await delay(2_500);
      const later = await timed(Promise.all(Array.from({ length: 100 }, () => cache.get("kept"))));
      expect(later.ms).toBeLessThan(300);
    } finally {
      server.resume();
    }
    await until(() => cache.ping().then(Boolean, () => false));
    expect(await cache.get("kept")).toBe("before");
  });

  test("starts without Redis and finds it later", async () => {
    await server.crash();
    const opened = await timed(open(server.url));
    cache = opened.result;
    expect(opened.ms).toBeLessThan(1_500);
    await expectEmpty(cache);
    await server.restart();
    await until(() => cache.ping().then(Boolean, () => false));
    await cache.set("kept", "found", 10_000);
    expect(await cache.get("kept")).toBe("found");
  });

  test("stops the start when Redis refuses the password, without showing it", async () => {
    const guarded = await startRedis({ password: "right-password" });
    try {
      const wrong = open(guarded.url.replace("right", "wrong"));
      await expect(wrong).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      const refusal = await wrong.catch((error: unknown) => inspect(error, { depth: 10 }));
      expect(`${refusal} ${lines}`).not.toContain("wrong-password");
      const right = await open(guarded.url);
      expect(await right.increment("count", 1, 1_000)).toBe(1);
      await right.close();
    } finally {
      await guarded.stop();
    }
  });
});

test("is an empty cache where no Redis listens", async () => {
  const cache = await open(`redis://127.0.0.1:${await freePort()}`);
  await expectEmpty(cache);
  await cache.close();
  lines.length = 0;
});
