import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SessionStore } from "../../platform/cache/session-store.ts";

/** Limits that the contract's stores are opened with. */
export const contractLimits = { entries: 60, characters: 100_000, recent: 5 };

/** What every session store keeps. `open` gives one that is empty. */
export const sessionStoreContract = (open: () => Promise<SessionStore>): void => {
  const entry = (key: string) => ({ key, value: `value of ${key}` });

  describe("a session store", () => {
    test("keeps what waits in order, each key once, until it is settled", async () => {
      const store = await open();
      const thread = randomUUID();
      for (const key of ["one", "two", "three"]) expect(await store.add(thread, entry(key))).toBe(true);
      expect(await store.add(thread, { key: "two", value: "other" })).toBe(false);
      expect(await store.waiting(thread, 10)).toEqual(["one", "two", "three"].map(entry));
      expect(await store.waiting(thread, 2)).toEqual(["one", "two"].map(entry));
      expect(await store.threads()).toEqual([thread]);
      expect(await store.settle(thread, ["two", "never"])).toBe(true);
      expect(await store.settle(thread, ["never"])).toBe(true);
      expect(await store.waiting(thread, 10)).toEqual(["one", "three"].map(entry));
      expect(await store.count()).toBe(2);
      await store.settle(thread, ["one", "three"]);
      expect([await store.threads(), await store.count(), await store.waiting(thread, 9)]).toEqual([[], 0, []]);
    });

    test("takes one of many that come with the same key at once", async () => {
      const store = await open();
      const taken = await Promise.all(Array.from({ length: 20 }, () => store.add("thread", entry("same"))));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.count()).toBe(1);
    });

    test("refuses what is too much, and takes again when there is room", async () => {
      const store = await open();
      for (let index = 0; index < contractLimits.entries; index += 1) {
        await store.add(`thread-${index % 3}`, entry(`${index}`));
      }
      await expect(store.add("thread-0", entry("more"))).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
        retryable: true,
      });
      expect(await store.count()).toBe(contractLimits.entries);
      await store.settle("thread-0", ["0"]);
      expect(await store.add("thread-0", entry("more"))).toBe(true);
      await store.settle("thread-0", ["3", "6"]);
      await expect(store.add("thread-0", { key: "long", value: "x".repeat(100_000) })).rejects.toMatchObject({
        code: "UPSTREAM_UNAVAILABLE",
      });
    });

    test("keeps the newest messages without gaps, and forgets them when told", async () => {
      const store = await open();
      const recent = (...positions: number[]) => positions.map((position) => ({ position, value: `m${position}` }));
      expect(await store.recent("thread", 0)).toEqual([]);
      await store.remember("thread", 0, recent(1, 2, 3));
      await store.remember("thread", 0, recent(3, 4));
      expect(await store.recent("thread", 0)).toEqual(recent(1, 2, 3, 4));
      await store.remember("thread", 0, recent(5, 6, 7));
      expect(await store.recent("thread", 0)).toEqual(recent(3, 4, 5, 6, 7));
      await store.remember("thread", 0, recent(2, 3));
      expect(await store.recent("thread", 0)).toEqual(recent(3, 4, 5, 6, 7));
      await store.remember("thread", 0, recent(20, 21));
      expect(await store.recent("thread", 0)).toEqual(recent(20, 21));
      await store.forget("thread");
      expect(await store.recent("thread", 0)).toEqual([]);
    });

    test("keeps what was read at one version of a thread, and gives it for no other", async () => {
      const store = await open();
      const recent = (...positions: number[]) => positions.map((position) => ({ position, value: `m${position}` }));
      await store.remember("thread", 1, recent(1, 2));
      expect(await store.recent("thread", 2)).toEqual([]);
      await store.remember("thread", 2, recent(2, 3));
      expect(await store.recent("thread", 2)).toEqual(recent(2, 3));
      expect(await store.recent("thread", 1)).toEqual([]);
    });

    test("keeps all that waits when traces of what was settled are wiped", async () => {
      const store = await open();
      const adding = [store.add("one", entry("a")), store.add("two", entry("b"))];
      await Promise.all(adding);
      await store.settle("one", ["a"]);
      await store.scrub("one");
      expect([await store.waiting("one", 9), await store.waiting("two", 9)]).toEqual([[], [entry("b")]]);
    });

    test("answers a ping while it takes what it is given", async () => {
      expect(await (await open()).ping()).toBeGreaterThanOrEqual(0);
    });

    test("agrees with a list, whatever comes in whatever order", async () => {
      const store = await open();
      const key = fc.constantFrom("a", "b", "c", "d");
      const thread = fc.constantFrom("one", "two");
      const step = fc.oneof(
        fc.record({ do: fc.constant("add" as const), thread, key }),
        fc.record({ do: fc.constant("settle" as const), thread, key }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const run = randomUUID();
          const model = new Map<string, string[]>();
          for (const { do: what, thread, key } of steps) {
            const name = `${run}-${thread}`;
            const keys = model.get(name) ?? [];
            if (what === "settle") {
              await store.settle(name, [key]);
              model.set(
                name,
                keys.filter((one) => one !== key),
              );
            } else {
              expect(await store.add(name, entry(key))).toBe(!keys.includes(key));
              if (!keys.includes(key)) model.set(name, [...keys, key]);
            }
          }
          for (const [name, keys] of model) {
            expect(await store.waiting(name, 99)).toEqual(keys.map(entry));
            await store.settle(name, keys);
          }
          expect(await store.count()).toBe(0);
        }),
        { numRuns: 40 },
      );
    });
  });
};
