import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Cache } from "../../platform/cache/cache.ts";

/** What every implementation of `Cache` keeps. Keys start with `contract:`. */
export const cacheContract = (open: () => Cache): void => {
  describe("a cache", () => {
    test("gives back JSON values and nothing for unknown keys", async () => {
      const value = { text: "zażółć גשם 🌦", list: [1, 2.5, null], deep: { yes: true } };
      await open().set("contract:value", value, 10_000);
      expect(await open().get("contract:value")).toEqual(value);
      expect(await open().get("contract:unknown")).toBeUndefined();
      await open().set("contract:null", null, 10_000);
      expect(await open().get("contract:null")).toBeNull();
    });

    test("keeps a value apart from the object it was given", async () => {
      const value = { list: ["as stored"] };
      await open().set("contract:apart", value, 10_000);
      value.list.push("changed later");
      const got = await open().get<typeof value>("contract:apart");
      got?.list.push("changed by a reader");
      expect(await open().get("contract:apart")).toEqual({ list: ["as stored"] });
    });

    test("forgets a value when its time is over, is deleted, or has no time to live", async () => {
      await open().set("contract:short", 1, 40);
      await open().set("contract:deleted", 1, 10_000);
      await open().set("contract:never", 1, 10_000);
      await open().delete("contract:deleted");
      await open().set("contract:never", 2, 0);
      expect(await open().get("contract:short")).toBe(1);
      await delay(80);
      expect(await open().get("contract:short")).toBeUndefined();
      expect(await open().get("contract:deleted")).toBeUndefined();
      expect(await open().get("contract:never")).toBeUndefined();
    });

    test("counts from 0 without losing any of many additions", async () => {
      const counted = await Promise.all(
        Array.from({ length: 50 }, () => open().increment("contract:count", 2, 10_000)),
      );
      expect([...counted].sort((one, other) => one - other)).toEqual(
        Array.from({ length: 50 }, (_, index) => 2 * (index + 1)),
      );
      expect(await open().increment("contract:count", -0.5, 10_000)).toBe(99.5);
      await open().delete("contract:count");
      expect(await open().increment("contract:count", 1, 10_000)).toBe(1);
    });

    test("ends a counter a fixed time after its first use, however often it is used", async () => {
      const from = performance.now();
      for (let uses = 1; performance.now() - from < 150; uses += 1) {
        const value = await open().increment("contract:window", 1, 200);
        if (performance.now() - from < 150) expect(value).toBe(uses);
        await delay(30);
      }
      await delay(260 - (performance.now() - from));
      expect(await open().increment("contract:window", 1, 200)).toBe(1);
    });

    test("gives a lock to one of many", async () => {
      const taken = await Promise.all(Array.from({ length: 20 }, () => open().lock("contract:one", 10_000)));
      const held = taken.filter((lock) => lock !== undefined);
      expect(held).toHaveLength(1);
      expect(await held[0]?.release()).toBe(true);
      expect(await open().lock("contract:one", 10_000)).toBeDefined();
    });

    test("raises the fencing number with every holder, also when the one before let its time run out", async () => {
      const first = await open().lock("contract:fenced", 30);
      await delay(60);
      const second = await open().lock("contract:fenced", 10_000);
      expect(await second?.release()).toBe(true);
      const third = await open().lock("contract:fenced", 10_000);
      const numbers = [first, second, third].map((lock) => lock?.fencing ?? Number.NaN);
      expect(numbers.every(Number.isSafeInteger)).toBe(true);
      expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    });

    test("does not let a late holder release the lock of the next", async () => {
      const late = await open().lock("contract:late", 30);
      await delay(60);
      const next = await open().lock("contract:late", 10_000);
      expect(next).toBeDefined();
      expect(await late?.release()).toBe(false);
      expect(await open().lock("contract:late", 10_000)).toBeUndefined();
      expect(await next?.release()).toBe(true);
      expect(await next?.release()).toBe(false);
    });

    test("answers a ping with the time it took", async () => {
      const ms = await open().ping();
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(1_000);
    });
  });
};
