import { afterEach, expect, test, vi } from "vitest";
import { createMemoryCache } from "../../../platform/cache/memory-cache.ts";
import { openCache } from "../../../platform/cache/open-cache.ts";
import { cacheContract } from "../../contracts/cache.contract.ts";

const cache = createMemoryCache();
cacheContract(() => cache);

afterEach(() => void vi.useRealTimers());

test("is the cache where no Redis is set", async () => {
  const log = () => undefined;
  const opened = await openCache({ settings: { REDIS_URL: undefined }, logger: { info: log, warn: log } });
  expect(opened.kind).toBe("embedded");
});

test("makes room by what was not used for longest", async () => {
  const small = createMemoryCache({ entries: 3, bytes: 10_000 });
  for (const key of ["a", "b", "c"]) await small.set(key, key, 10_000);
  await small.get("a");
  await small.set("d", "d", 10_000);
  const kept = await Promise.all(["a", "b", "c", "d"].map((key) => small.get(key)));
  expect(kept).toEqual(["a", undefined, "c", "d"]);
});

test("holds no more bytes than its limit, and nothing that alone is larger", async () => {
  const small = createMemoryCache({ entries: 1_000, bytes: 10_000 });
  for (let index = 0; index < 100; index += 1) await small.set(`key ${index}`, "x".repeat(500), 10_000);
  await small.set("huge", "x".repeat(20_000), 10_000);
  const keys = [...Array.from({ length: 100 }, (_, index) => `key ${index}`), "huge"];
  const kept = (await Promise.all(keys.map((key) => small.get<string>(key)))).filter((value) => value !== undefined);
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.join("").length).toBeLessThanOrEqual(5_000);
});

test("does not let values push counters out", async () => {
  const small = createMemoryCache({ entries: 10, bytes: 100_000 });
  await small.increment("limit", 7, 10_000);
  for (let index = 0; index < 100; index += 1) await small.set(`key ${index}`, index, 10_000);
  expect(await small.increment("limit", 1, 10_000)).toBe(8);
});

test("gives a later process higher fencing numbers than an earlier one gave", async () => {
  const earlier = createMemoryCache();
  let last = 0;
  for (let times = 0; times < 10; times += 1) {
    const lock = await earlier.lock("place", 10_000);
    last = lock?.fencing ?? last;
    await lock?.release();
  }
  vi.useFakeTimers({ now: Date.now() + 1_000, toFake: ["Date"] });
  const lock = await createMemoryCache().lock("place", 10_000);
  expect(lock?.fencing).toBeGreaterThan(last);
});

test("ends locks and values by a clock that a changed system time does not touch", async () => {
  const lock = await cache.lock("clock", 5_000);
  await cache.set("clock", 1, 5_000);
  vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ["Date"] });
  expect(await cache.lock("clock", 5_000)).toBeUndefined();
  expect(await cache.get("clock")).toBe(1);
  expect(await lock?.release()).toBe(true);
});
