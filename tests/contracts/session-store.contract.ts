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

    describe("of what was put aside", () => {
      const fill = async (store: SessionStore, thread: string) => {
        for (const key of ["a", "b", "c"]) await store.add(thread, entry(key));
      };
      const keysOf = (entries: readonly { readonly key: string }[]) => entries.map(({ key }) => key);

      test("knows what it is, thread by thread, and counts it apart from what waits", async () => {
        const store = await open();
        await fill(store, "one");
        await fill(store, "two");
        expect(await store.refused.put("one", { key: "b", value: "with a reason" })).toBe(true);
        expect(keysOf(await store.waiting("one", 9))).toEqual(["a", "c"]);
        expect(await store.refused.of("one")).toEqual([{ key: "b", value: "with a reason" }]);
        expect([await store.refused.threads(), await store.refused.of("two")]).toEqual([["one"], []]);
        expect([await store.count(), await store.refused.count()]).toEqual([5, 1]);
        for (const key of ["a", "c"]) await store.refused.put("one", entry(key));
        expect([await store.threads(), keysOf(await store.refused.of("one"))]).toEqual([["two"], ["b", "a", "c"]]);
      });

      test("puts aside only what waits, each key once", async () => {
        const store = await open();
        expect(await store.refused.put("one", entry("never"))).toBe(true);
        await fill(store, "one");
        await store.refused.put("one", entry("a"));
        await store.add("one", entry("a"));
        expect(await store.refused.put("one", { key: "a", value: "again" })).toBe(true);
        expect(keysOf(await store.waiting("one", 9))).toEqual(["b", "c"]);
        expect(await store.refused.of("one")).toEqual([entry("a")]);
        expect([await store.count(), await store.refused.count()]).toEqual([2, 1]);
      });

      test("lets it wait again, last in its thread, and gives it up, when told", async () => {
        const store = await open();
        await fill(store, "one");
        for (const key of ["a", "b"]) await store.refused.put("one", entry(key));
        expect(await store.refused.giveBack("one", { key: "a", value: "as it was" })).toBe(true);
        expect(await store.waiting("one", 9)).toEqual([entry("c"), { key: "a", value: "as it was" }]);
        expect(await store.refused.giveBack("one", entry("a"))).toBe(false);
        expect(await store.refused.drop("one", ["b", "never"])).toBe(1);
        expect([await store.refused.drop("one", ["b"]), await store.refused.drop("one", [])]).toEqual([0, 0]);
        expect([await store.refused.threads(), await store.refused.of("one")]).toEqual([[], []]);
        expect([await store.count(), await store.refused.count()]).toEqual([2, 0]);
      });

      test("does not mix it with one of its key that waits", async () => {
        const store = await open();
        await fill(store, "one");
        await store.refused.put("one", entry("a"));
        await store.add("one", { key: "a", value: "said again" });
        expect(await store.refused.giveBack("one", entry("a"))).toBe(false);
        expect(await store.refused.of("one")).toEqual([entry("a")]);
        expect((await store.waiting("one", 9)).at(-1)).toEqual({ key: "a", value: "said again" });
      });

      test("takes no room from what waits, and has no more than that either", async () => {
        const store = await open();
        const round = async () => {
          for (let index = 0; index < contractLimits.entries; index += 1) await store.add("one", entry(`${index}`));
        };
        await round();
        for (let index = 0; index < contractLimits.entries; index += 1) {
          expect(await store.refused.put("one", entry(`${index}`))).toBe(true);
        }
        await store.add("two", entry("more"));
        expect(await store.refused.put("two", entry("more"))).toBe(false);
        expect(keysOf(await store.waiting("two", 9))).toEqual(["more"]);
        for (let index = 1; index < contractLimits.entries; index += 1) await store.add("two", entry(`${index}`));
        await expect(store.refused.giveBack("one", entry("0"))).rejects.toMatchObject({ retryable: true });
        expect([await store.count(), await store.refused.count()]).toEqual([60, 60]);
        await store.settle("two", ["more"]);
        expect(await store.refused.giveBack("one", entry("0"))).toBe(true);
      });

      test("never has one twice nor loses it, when it is put aside and given back at once", async () => {
        const store = await open();
        await fill(store, "one");
        for (let round = 0; round < 20; round += 1) {
          await Promise.all(
            ["a", "b", "c"].flatMap((key) => [
              store.refused.put("one", entry(key)),
              store.refused.giveBack("one", entry(key)),
              store.refused.put("one", entry(key)),
            ]),
          );
          const everywhere = [...(await store.waiting("one", 9)), ...(await store.refused.of("one"))];
          expect(keysOf(everywhere).sort()).toEqual(["a", "b", "c"]);
          for (const key of ["a", "b", "c"]) await store.refused.giveBack("one", entry(key));
        }
        expect([await store.count(), await store.refused.count()]).toEqual([3, 0]);
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
