import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startSyncLimit } from "../../../nodes/answer/sync-limit.ts";
import type { QueryEvent } from "../../../nodes/query.ts";

/** A limit at 30 s, or 115 s for what has begun to come. */
const setUp = (takes = true) => {
  const handed: number[] = [];
  const shown: QueryEvent[] = [];
  const limit = startSyncLimit({
    context: {
      ...{ queryId: "q", now: new Date(), startedAt: 0, deadlineAt: 120_000, progress: {} },
      signal: new AbortController().signal,
      emit: (event) => void shown.push(event),
    },
    ...{ limitAt: 30_000, latestAt: 115_000 },
    async handOver() {
      handed.push(performance.now());
      return takes;
    },
  });
  return { limit, handed, shown, context: limit.runtime.context! };
};

describe("an answer on its way", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  test("is handed over at the limit, and whoever works on it is stopped", async () => {
    const { limit, handed, context } = setUp();
    await pass(29_999);
    expect(handed).toEqual([]);
    await pass(1);
    expect(handed).toEqual([30_000]);
    expect(context.signal.aborted).toBe(true);
    expect(await limit.end()).toBe(true);
    await expect(limit.touch()).rejects.toThrow("handed over");
  });

  test("goes on when nobody takes it, and is not offered again", async () => {
    const { limit, handed, context } = setUp(false);
    await pass(119_000);
    expect(handed).toEqual([30_000]);
    expect(context.signal.aborted).toBe(false);
    expect(await limit.end()).toBe(false);
  });

  test.each(["thoughts", "text"])("has until shortly before its deadline once it comes: %s", async (what) => {
    const { limit, handed, context } = setUp();
    await pass(20_000);
    if (what === "thoughts") await context.emit?.({ type: "reasoning", text: "Hm." });
    else limit.comes();
    await pass(94_999);
    expect(handed).toEqual([]);
    await pass(1);
    expect(handed).toEqual([115_000]);
    expect(await limit.end()).toBe(true);
  });

  test("stays here for good once some of it is out", async () => {
    const { limit, handed, shown, context } = setUp();
    await context.emit?.({ type: "reasoning", text: "Hm." });
    await pass(40_000);
    await context.emit?.({ type: "text", text: "Well." });
    await pass(80_000);
    expect(handed).toEqual([]);
    expect(shown.map(({ type }) => type)).toEqual(["reasoning", "text"]);
    expect(await limit.end()).toBe(false);
  });
});
