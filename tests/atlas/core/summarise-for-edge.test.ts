import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createEdgeSummariser } from "../../../atlas/core/summarise-for-edge.ts";
import type { ThreadSummary } from "../../../atlas/deep/thread-summary.ts";
import { createHashedEmbedder } from "../../../atlas/vectors/hashed-embedder.ts";
import { until } from "../../support/until.ts";

const logger = { info: () => undefined, warn: () => undefined };
const messages = Array.from({ length: 24 }, (_, index) => ({
  id: randomUUID(),
  role: "user",
  content: `On day ${index} the greenhouse irrigation used ${index} litres of rain water.`,
}));

/** A core beside an engine whose one long thread always waits. */
const startSummariser = () => {
  const state = { state: "following" as const, caughtUpAt: undefined as string | undefined, applied: 0, refused: [] };
  const sent: ThreadSummary[] = [];
  const engine = { isAway: false, asked: 0 };
  const thread = { thread_id: randomUUID(), first_position: 1, last_position: 24, revisions: 0, messages };
  const summariser = createEdgeSummariser({
    edge: {
      async longThreads() {
        engine.asked += 1;
        if (engine.isAway) throw new Error("away");
        return { threads: [thread], next: null };
      },
      async sendSummaries(summaries) {
        sent.push(...summaries);
        return { stored: summaries.map(({ thread_id }) => thread_id), refused: [] };
      },
    },
    embedder: createHashedEmbedder(),
    follower: { state: () => state },
    logger,
    everyMs: 5,
  });
  summariser.start();
  return { state, sent, engine, thread, summariser };
};

test("once it has caught up it sends summaries with vectors, and again when something came since", async () => {
  const { state, sent, thread, summariser } = startSummariser();
  await delay(30);
  expect(sent).toEqual([]);
  state.caughtUpAt = new Date().toISOString();
  await until(async () => sent.length === 1, 20_000);
  expect(sent[0]).toMatchObject({
    thread_id: thread.thread_id,
    last_position: 24,
    revisions: 0,
    summary: expect.stringContaining("greenhouse irrigation"),
    embedding_model: "athena-embed",
  });
  expect(sent[0]?.embedding).toHaveLength(480);
  await delay(50);
  expect(sent).toHaveLength(1);
  state.applied += 1;
  await until(async () => sent.length === 2, 20_000);
  await summariser.stop();
});

test("an engine that is away is asked again", async () => {
  const { state, sent, engine, summariser } = startSummariser();
  engine.isAway = true;
  state.caughtUpAt = new Date().toISOString();
  await until(async () => engine.asked >= 2, 20_000);
  expect(sent).toEqual([]);
  engine.isAway = false;
  await until(async () => sent.length === 1, 20_000);
  await summariser.stop();
});
