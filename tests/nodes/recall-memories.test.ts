import { expect, test } from "vitest";
import type { Recall, Recalled } from "../../atlas/timeline.ts";
import { createRecallMemories } from "../../nodes/recall-memories.ts";
import { Evidence } from "../../platform/evidence/evidence.ts";
import { runtimeOf, sayKey, stepStateOf, threadOf } from "../support/step-of.ts";

const paint: Recalled = {
  messageId: "m1",
  threadId: "t1",
  position: 3,
  author: "Ewa",
  role: "user",
  content: "The kitchen is to be sage green.",
  createdAt: "2026-04-18T22:30:00.000Z",
  score: 1.7,
};
const step = { kind: "recall" as const, target: "recall", args: { query: "paint kitchen" } };

const recallWith = (recall: Recall, timeoutMs = 200) =>
  createRecallMemories({ recall, limit: 5, timeoutMs, say: sayKey });

test("each fragment is evidence with its author, its time and a score of at most 1", async () => {
  const { results } = await recallWith(async () => [paint])(stepStateOf(step), runtimeOf());
  expect(results[0]?.status).toBe("ok");
  const evidence = Evidence.parse({ id: "e1", ...results[0]?.evidence[0] });
  expect(evidence).toMatchObject({
    service: "recall",
    data: { messageId: "m1", threadId: "t1", author: "Ewa", role: "user" },
    observedAt: paint.createdAt,
    score: 1,
  });
  expect(evidence.text).toContain(paint.content);
  expect(results[0]?.text).toContain(paint.content);
});

test("a piece of a document is evidence of that document, with its heading", async () => {
  const document = { id: "d1", title: "Handbook", source: "handbook.md", headingPath: ["Handbook", "Kitchen"] };
  const chunk = { ...paint, role: "tool" as const, author: "Handbook", document, layer: "text" };
  const { results } = await recallWith(async () => [chunk])(stepStateOf(step), runtimeOf());
  expect(results[0]?.evidence[0]).toMatchObject({
    title: "Handbook › Kitchen",
    sourceName: "Handbook",
    text: "Handbook › Kitchen: “The kitchen is to be sage green.”",
    data: { layer: "text", document },
  });
});

test("says the day on the user's own calendar", async () => {
  const said = async (timezone: string) =>
    (await recallWith(async () => [paint])(stepStateOf(step, { timezone }), runtimeOf())).results[0]?.text;
  expect(await said("America/New_York")).toContain("Apr 18");
  expect(await said("Europe/Warsaw")).toContain("Apr 19");
});

test("looks with the step's words, for the caller, and not at the message that asks", async () => {
  const requests: Parameters<Recall>[0][] = [];
  const recallMemories = recallWith(async (request) => {
    requests.push(request);
    return [];
  });
  const state = stepStateOf(step);
  const settled = { thread: threadOf(), messageId: "asking", position: 1, appended: [] };
  await recallMemories({ ...state, settled }, runtimeOf());
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    principal: state.query.principal,
    query: "paint kitchen",
    threadId: "thread",
    excludeMessageId: "asking",
    limit: 5,
  });
});

test("finding nothing is an answer that says so, not a failure", async () => {
  const { results } = await recallWith(async () => [])(stepStateOf(step), runtimeOf());
  expect(results[0]).toMatchObject({ status: "ok", text: "recall.none", evidence: [] });
});

test("a long message is quoted in part", async () => {
  const content = "word ".repeat(500);
  const { results } = await recallWith(async () => [{ ...paint, content }])(stepStateOf(step), runtimeOf());
  expect(results[0]?.evidence[0]?.text.length).toBeLessThan(400);
  expect(results[0]?.evidence[0]?.text).toContain("…");
});

test("a memory out of reach is a failed step with a sentence", async () => {
  const broken = recallWith(async () => {
    throw new Error("connection refused at 10.1.2.3");
  });
  const { results } = await broken(stepStateOf(step), runtimeOf());
  expect(results[0]).toMatchObject({ status: "failed", reason: "step.unreachable:part.recall", evidence: [] });
});
