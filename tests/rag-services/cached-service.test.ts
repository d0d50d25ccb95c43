import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { type CachedServiceOptions, createCachedService } from "../../rag-services/cached-service.ts";
import type { RagService, ServiceAnswer, ServiceContext } from "../../rag-services/rag-service.ts";
import { testContext } from "../contracts/rag-service.contract.ts";
import { createMemoryCache } from "../support/memory-cache.ts";
import { permitOf } from "../support/permit.ts";

const Slots = z.object({ place: z.string(), date: z.string().optional() });
type Slots = z.infer<typeof Slots>;

/** A service that numbers its answers; each takes `takesMs`, unless its signal aborts. */
const counting = (takesMs = 0, fails?: () => Error | undefined) => {
  const calls: { slots: Slots; context: ServiceContext }[] = [];
  const service: RagService<Slots> = {
    id: "counting",
    intents: ["counting"],
    slots: Slots,
    providers: ["Example"],
    async query(slots, context) {
      const call = calls.push({ slots, context });
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, takesMs);
        context.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(context.signal.reason ?? new Error("aborted"));
        });
      });
      const failure = fails?.();
      if (failure) throw failure;
      if (context.permit.class === "blocked") throw new AppError("EGRESS_BLOCKED", "Nothing may leave.");
      return {
        evidence: [
          {
            service: "counting",
            title: slots.place,
            text: `answer ${call}`,
            data: { call },
            sourceName: "Example",
            observedAt: "2026-08-01T10:00:00Z",
            score: 1,
          },
        ],
        degraded: [],
      };
    },
    render: (evidence) => evidence.map(({ text }) => text).join(" "),
  };
  return { service, calls };
};

const build = (inner: ReturnType<typeof counting>, options: Partial<CachedServiceOptions> = {}) => {
  const cache = createMemoryCache();
  const service = createCachedService(inner.service, { cache, cacheSeconds: 60, ...options });
  const ask = async (slots: Slots, changes: Partial<ServiceContext> = {}) =>
    numberOf(await service.query(slots, testContext(changes)));
  return { cache, service, ask, calls: inner.calls };
};
const numberOf = (answer: ServiceAnswer): unknown => answer.evidence[0]?.data.call;

describe("an answer that is fresh", () => {
  test("is given again to the same question however it is written, and to no other", async () => {
    const { ask, calls } = build(counting());
    expect(await ask({ place: "Kraków" })).toBe(1);
    expect(await ask({ place: "  kraków " })).toBe(1);
    expect(await ask({ place: "Kraków", date: undefined as unknown as string })).toBe(1);
    expect(await ask({ place: "Gdańsk" })).toBe(2);
    expect(await ask({ place: "Kraków", date: "2026-08-02" })).toBe(3);
    expect(await ask({ place: "Kraków" }, { locale: "pl" })).toBe(4);
    expect(await ask({ place: "Kraków" }, { timezone: "Asia/Tokyo" })).toBe(5);
    expect(calls).toHaveLength(5);
  });

  test("is not given on another day: the question may have meant today", async () => {
    const { ask } = build(counting());
    expect(await ask({ place: "Kraków" }, { now: new Date("2026-08-01T10:00:00Z") })).toBe(1);
    expect(await ask({ place: "Kraków" }, { now: new Date("2026-08-02T10:00:00Z") })).toBe(2);
  });

  test("is kept under a key that does not show the question", async () => {
    const { ask, cache } = build(counting());
    await ask({ place: "Kraków" });
    expect(cache.keys()).toEqual([expect.stringMatching(/^rag:counting:[\w-]{43}$/)]);
  });

  test("is not there when caching is off; equal questions at once still share a call", async () => {
    const { ask, cache } = build(counting(20), { cacheSeconds: 0 });
    expect(await Promise.all([ask({ place: "Kraków" }), ask({ place: "Kraków" })])).toEqual([1, 1]);
    expect(await ask({ place: "Kraków" })).toBe(2);
    expect(cache.keys()).toEqual([]);
  });
});

describe("an answer that is stale", () => {
  test("is given at once while one call refreshes it", async () => {
    const { ask, calls } = build(counting(400), { cacheSeconds: 0.05, staleFactor: 200 });
    await ask({ place: "Kraków" });
    await new Promise((resolve) => setTimeout(resolve, 80));
    const started = performance.now();
    expect(await Promise.all([1, 2, 3, 4].map(() => ask({ place: "Kraków" })))).toEqual([1, 1, 1, 1]);
    expect(performance.now() - started).toBeLessThan(300);
    await vi.waitFor(async () => expect(await ask({ place: "Kraków" })).toBe(2), 10_000);
    expect(calls).toHaveLength(2);
  });

  test("stays when the refresh fails, and goes when it is too old", async () => {
    let broken = false;
    const inner = counting(0, () => (broken ? new AppError("UPSTREAM_UNAVAILABLE", "Down.") : undefined));
    const { ask } = build(inner, { cacheSeconds: 0.1, staleFactor: 8 });
    await ask({ place: "Kraków" });
    broken = true;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await ask({ place: "Kraków" })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 750));
    await expect(ask({ place: "Kraków" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("is refreshed beyond the end of the query that saw it, but not for ever", async () => {
    const inner = counting(800);
    const { ask, calls } = build(inner, { cacheSeconds: 0.1, staleFactor: 100, refreshTimeoutMs: 400 });
    await ask({ place: "Kraków" });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const caller = new AbortController();
    await ask({ place: "Kraków" }, { signal: caller.signal });
    caller.abort();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls[1]?.context.signal.aborted).toBe(false);
    await vi.waitFor(() => expect(calls[1]?.context.signal.aborted).toBe(true), 10_000);
  });
});

describe("equal questions at the same time", () => {
  test("share one call", async () => {
    const { ask, calls } = build(counting(30));
    expect(await Promise.all(Array.from({ length: 50 }, () => ask({ place: "Kraków" })))).toEqual(Array(50).fill(1));
    expect(calls).toHaveLength(1);
  });

  test("share its failure, which is not kept", async () => {
    let broken = true;
    const { ask } = build(counting(10, () => (broken ? new AppError("UPSTREAM_UNAVAILABLE", "Down.") : undefined)));
    const both = await Promise.allSettled([ask({ place: "Kraków" }), ask({ place: "Kraków" })]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    broken = false;
    expect(await ask({ place: "Kraków" })).toBe(2);
  });

  test("do without the one who leaves, and are given up when the last one leaves", async () => {
    const { ask, calls } = build(counting(80));
    const callers = [new AbortController(), new AbortController()];
    const asked = callers.map(({ signal }) => ask({ place: "Kraków" }, { signal }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    callers[0]?.abort(new Error("first left"));
    await expect(asked[0]).rejects.toThrow("first left");
    expect(calls[0]?.context.signal.aborted).toBe(false);
    expect(await asked[1]).toBe(1);

    const alone = new AbortController();
    const last = ask({ place: "Gdańsk" }, { signal: alone.signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    alone.abort(new Error("left"));
    await expect(last).rejects.toThrow("left");
    await vi.waitFor(() => expect(calls[1]?.context.signal.aborted).toBe(true), 10_000);
    expect(await ask({ place: "Gdańsk" })).toBe(3);
  });

  test("do not share across classes of egress", async () => {
    const { ask, calls } = build(counting(20));
    const permits = [permitOf("full"), permitOf("sanitized", false)];
    expect(await Promise.all(permits.map((permit) => ask({ place: "Kraków" }, { permit })))).toEqual([1, 2]);
    expect(calls.map(({ context }) => context.permit.class)).toEqual(["full", "sanitized"]);
  });
});

describe("a confidential query", () => {
  test("that may not leave is served from the cache, even stale, and never refreshes it", async () => {
    const { ask, calls } = build(counting(), { cacheSeconds: 0.02, staleFactor: 100 });
    await ask({ place: "Kraków" });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await ask({ place: "Kraków" }, { permit: permitOf("blocked") })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toHaveLength(1);
    await expect(ask({ place: "Gdańsk" }, { permit: permitOf("blocked") })).rejects.toMatchObject({
      code: "EGRESS_BLOCKED",
    });
  });

  test("leaves nothing in the cache and shares its call with nobody", async () => {
    const { ask, cache } = build(counting(20));
    const permit = permitOf("full", true);
    expect(await Promise.all([ask({ place: "Kraków" }, { permit }), ask({ place: "Kraków" }, { permit })])).toEqual([
      1, 2,
    ]);
    expect(cache.keys()).toEqual([]);
  });
});
