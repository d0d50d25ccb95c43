import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createDeepSource } from "../../atlas/deep/deep-source.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { RecallRequest } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { createEgress } from "../../platform/egress/create-egress.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { type CoreServer, startCoreServer } from "../support/core-server.ts";
import { permitOf } from "../support/permit.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Recall that asks a deep core, on whatever database. */
export const deepRecallContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  describe("recall with a deep core", () => {
    let core: CoreServer;
    beforeAll(async () => {
      core = await startCoreServer();
    });
    beforeEach(() => Object.assign(core, { mode: "ok", results: [] }));
    afterAll(() => core.stop());

    const partsOf = ({ timeoutMs = 300, breakerOpenMs = 10_000, url = core.url } = {}) => {
      const database = databaseOf();
      const cipher = createThreadCipher({ masterKey: masterKeyOf() });
      const metrics = createMetrics();
      const egress = createEgress({ metrics });
      const deep = createDeepSource({ database, url, key: "k".repeat(16), timeoutMs, egress, metrics, breakerOpenMs });
      const recall = createRecall({ database, cipher, deep });
      const degraded: string[] = [];
      const timeline = createTimeline({ database, cipher });
      const principal = somebody();
      return {
        deep,
        degraded,
        principal,
        timeline,
        ask: (query: string, more: Partial<RecallRequest> = {}) =>
          recall({ principal, query, limit: 5, onDegraded: (part) => degraded.push(part), ...more }),
        say: (who: Principal, mode: Mode, ...texts: string[]) =>
          timeline.open({
            principal: who,
            mode,
            messages: texts.map((content) => ({ role: "user", author: "ada", content })),
          }),
      };
    };
    const asked = () => core.asked.length;

    test("reaches a core whose address has a path, for searches and for its health", async () => {
      const below = await startCoreServer("/behind/a-proxy");
      try {
        for (const url of [below.url, `${below.url}/`]) {
          const { deep, ask } = partsOf({ url });
          expect(await deep.ping()).toBeGreaterThan(0);
          await ask("the platypus", { deep: "always" });
        }
        expect(below.asked).toHaveLength(2);
      } finally {
        await below.stop();
      }
    });

    test("adds what the core finds, read from the main database, as a layer of its own", async () => {
      const { ask, say, principal } = partsOf();
      const { thread, messages } = await say(principal, "open", "Wir trafen uns am Bahnhof", "the platypus lays eggs");
      core.results = [{ id: messages[0]!.id, score: 0.8 }];
      const found = await ask("the platypus", { deep: "always" });
      expect(found.map(({ content }) => content)).toEqual(["the platypus lays eggs", "Wir trafen uns am Bahnhof"]);
      expect(found[1]).toMatchObject({ layer: "deep", threadId: thread.id });
      expect(core.asked.at(-1)).toMatchObject({ query: "the platypus" });
      expect(core.asked.at(-1)!.scope_keys).toContain(`user:${principal.id}`);
    });

    test("is asked when the whole history is meant or what was found is weak, and only when it may be", async () => {
      const { ask, say, principal } = partsOf();
      await say(principal, "open", "the heron stands in the pond");
      const asks = async (query: string, deep?: RecallRequest["deep"]) => {
        const before = asked();
        await ask(query, deep ? { deep } : {});
        return asked() > before;
      };
      expect(await asks("heron in the pond")).toBe(false);
      expect(await asks("heron in the pond", "always")).toBe(true);
      expect(await asks("did the heron ever stand in the pond?")).toBe(true);
      expect(await asks("czy heron kiedykolwiek stał w pond?")).toBe(true);
      expect(await asks("completely unknown matters entirely")).toBe(true);
      expect(await asks("completely unknown matters entirely", "never")).toBe(false);
    });

    test("never shows what the core names and the caller may not see", async () => {
      const { ask, say, principal, timeline } = partsOf();
      const eve = await say(somebody(), "open", "the secret of somebody else");
      const own = await say(principal, "confidential", "confidential words");
      const turned = await say(principal, "open", "said in clear before");
      await timeline.open({ principal, threadId: turned.thread.id, mode: "confidential", messages: [] });
      const ids = [eve, own, turned].map(({ messages }) => messages[0]!.id);
      core.results = [...ids, randomUUID()].map((id) => ({ id, score: 0.9 }));
      expect(await ask("zyzzyva", { deep: "always" })).toEqual([]);
    });

    test("tells the core nothing of what is asked inside a confidential thread", async () => {
      const { ask, say, principal, degraded } = partsOf();
      const { thread } = await say(principal, "confidential", "the gnu");
      const before = asked();
      await ask("did the gnu ever run?", { deep: "always", threadId: thread.id });
      await ask("did the gnu ever run?", { deep: "always", permit: permitOf("local-only", true) });
      expect(asked()).toBe(before);
      expect(degraded).toEqual([]);
    });

    test.each(["error", "cut", "garbage", "other", "refused"] as const)(
      "answers without a core whose answers are of kind %s, and says so",
      async (mode) => {
        const { ask, say, principal, degraded } = partsOf();
        await say(principal, "open", "the okapi eats leaves");
        core.mode = mode;
        const found = await ask("okapi leaves", { deep: "always" });
        expect(found.map(({ content }) => content)).toEqual(["the okapi eats leaves"]);
        expect(degraded).toEqual(["deep"]);
      },
    );

    test("waits once for a core that is silent, not once for each query, and comes back to it", async () => {
      const { ask, say, principal, degraded, deep } = partsOf({ timeoutMs: 200, breakerOpenMs: 400 });
      await say(principal, "open", "the tapir sleeps");
      core.mode = "slow";
      const timeOf = async () => {
        const started = performance.now();
        expect(await ask("tapir sleeps", { deep: "always" })).toHaveLength(1);
        return performance.now() - started;
      };
      const first = await Promise.all([timeOf(), timeOf(), timeOf()]);
      for (const ms of first) expect(ms).toBeGreaterThan(190);
      expect(deep.isOpen()).toBe(true);
      const before = asked();
      const rest = [await timeOf(), await timeOf(), await timeOf()];
      expect(asked()).toBe(before);
      expect(Math.min(...rest)).toBeLessThan(150);
      expect(degraded).toEqual(Array.from({ length: 6 }, () => "deep"));
      core.mode = "ok";
      await new Promise((resolve) => setTimeout(resolve, 450));
      await timeOf();
      expect(degraded).toHaveLength(6);
      expect(deep.isOpen()).toBe(false);
    });

    test("answers when nobody listens where the core should be", async () => {
      const { ask, say, principal, degraded } = partsOf({ url: "http://127.0.0.1:9" });
      await say(principal, "open", "the dugong grazes");
      expect(await ask("dugong grazes", { deep: "always" })).toHaveLength(1);
      expect(degraded).toEqual(["deep"]);
    });
  });
};
