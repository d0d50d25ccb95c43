import { expect, test } from "vitest";
import type { Message, Timeline } from "../../atlas/timeline.ts";
import { createReceive } from "../../nodes/receive.ts";
import { createMemoryTimeline } from "../support/memory-timeline.ts";
import { permitOf } from "../support/permit.ts";
import { queryOf } from "../support/stub-engine.ts";

const receiveWith = (timeline: Pick<Timeline, "open" | "latest">) =>
  createReceive({
    timeline,
    unfinishedTurns: { save: async () => undefined, take: async () => undefined },
    permitFor: () => permitOf("full", false),
    historyLimit: 20,
    defaultTimezone: "Europe/Warsaw",
  });

test("a native query's history is what stood before it, whoever writes to the thread meanwhile", async () => {
  const { timeline } = createMemoryTimeline();
  const ask = (text: string, threadId?: string) =>
    queryOf(text, { surface: "ai-query", ...(threadId === undefined ? {} : { threadId }) });
  const first = await receiveWith(timeline)({ query: ask("first") }, {});
  const busy: Pick<Timeline, "open" | "latest"> = {
    open: (request) => timeline.open(request),
    async latest(principal, threadId, limit): Promise<readonly Message[]> {
      await timeline.open({
        principal,
        threadId,
        mode: "open",
        messages: [{ role: "user", author: "x", content: "late" }],
      });
      return timeline.latest(principal, threadId, limit);
    },
  };
  const { history } = await receiveWith(busy)({ query: ask("second", first.thread.id) }, {});
  expect(history.map(({ content }) => content)).toEqual(["first", "second"]);
});

test("refuses a request without anything to answer, and stores nothing", async () => {
  const { timeline, threads } = createMemoryTimeline();
  await expect(receiveWith(timeline)({ query: queryOf("", { messages: [] }) }, {})).rejects.toMatchObject({
    code: "INVALID_INPUT",
    field: "messages",
  });
  expect(threads.size).toBe(0);
});
