import { createParser, type EventSourceMessage } from "eventsource-parser";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ stream: { keepAliveMs: 30, stalledMs: 2_000 } });
});
afterAll(() => edge.close());
beforeEach(() => edge.script.reset());

const ask = (body: object, headers: Record<string, string> = {}) => post(`${edge.url}/ai/query`, body, headers);
const events = async (response: Response) => {
  const seen: { event: string | undefined; data: unknown }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }: EventSourceMessage) => seen.push({ event, data: JSON.parse(data) }),
  });
  parser.feed(await response.text());
  return seen;
};
const stream = { accept: "text/event-stream" };

describe("a native query", () => {
  test("is answered with everything at top level, and its thread in a header", async () => {
    edge.script.enqueue({ text: "Hi." });
    const response = await ask({
      text: "Hello",
      sender: "anna",
      mentions: ["@athena"],
      source: "web",
      ts: "2026-11-21T10:00:00Z",
    });
    expect(response.status).toBe(200);
    const body = await jsonOf(response);
    expect(body).toEqual({
      thread_id: response.headers.get("x-athena-thread"),
      message_id: expect.any(String),
      position: 1,
      answer: "Hi.",
      intents: [{ name: "chat", confidence: 0.9, tier: "pattern" }],
      evidence: [],
      degraded: [],
      egress: "full",
      validation: { ok: true, violations: [] },
      timings: { total: 1.5 },
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    });
    expect(edge.script.queries[0]).toMatchObject({
      surface: "ai-query",
      messages: [{ role: "user", content: "Hello" }],
      mode: "open",
      meta: { sender: "anna", mentions: ["@athena"], source: "web", ts: "2026-11-21T10:00:00Z" },
    });
  });

  test("goes on in its thread, with its own mode, locale and zone", async () => {
    edge.script.enqueue({ text: "One." }, { text: "Two." });
    const { thread_id } = await jsonOf(await ask({ text: "First" }));
    const second = await jsonOf(
      await ask({
        text: "Second",
        thread_id,
        mode: "confidential",
        consent: true,
        scope: "team",
        locale: "pl",
        timezone: "Europe/Warsaw",
      }),
    );
    expect(second).toMatchObject({ thread_id, position: 3 });
    expect(edge.script.queries[1]).toMatchObject({
      threadId: thread_id,
      mode: "confidential",
      consent: true,
      scope: "team",
      locale: "pl",
      timezone: "Europe/Warsaw",
    });
  });

  test("in an unknown thread is 404", async () => {
    edge.script.enqueue({ text: "x" });
    const response = await ask({ text: "Hello", thread_id: "00000000-0000-4000-8000-000000000000" });
    expect(response.status).toBe(404);
    expect((await jsonOf(response)).error).toMatchObject({ code: "not_found", type: "invalid_request_error" });
  });

  test("that may not leave and cannot be answered here is 403", async () => {
    edge.script.enqueue(
      { text: "Nothing may leave.", result: { refused: true } },
      { text: "Nothing may leave.", result: { refused: true } },
    );
    const response = await ask({ text: "Secret", mode: "confidential" });
    expect(response.status).toBe(403);
    expect((await jsonOf(response)).error).toMatchObject({
      message: "Nothing may leave.",
      type: "permission_error",
      code: "egress_blocked",
    });
    const streamed = await events(await ask({ text: "Secret", mode: "confidential" }, stream));
    expect(streamed.at(-1)).toMatchObject({ event: "error", data: { error: { code: "egress_blocked" } } });
  });

  test("streams accepted, deltas and the whole at the end, alive while it waits", async () => {
    edge.script.enqueue({ reasoning: "Hm.", firstChunkDelayMs: 100, text: ["Hi ", "there.\u2028"] });
    const response = await ask({ text: "Hello" }, stream);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const seen = await events(response);
    expect(seen.map(({ event }) => event)).toEqual(["accepted", "reasoning", "delta", "delta", "done"]);
    expect(seen[0]?.data).toEqual({
      thread_id: response.headers.get("x-athena-thread"),
      message_id: expect.any(String),
      position: 1,
    });
    expect(seen[2]?.data).toEqual({ text: "Hi " });
    expect(seen.at(-1)?.data).toMatchObject({ answer: "Hi there.\u2028", usage: { total_tokens: 15 } });
  });

  test("that breaks in mid-stream ends with an error event", async () => {
    edge.script.enqueue({ text: ["Hi ", "there."], errorAfterChunks: 1 });
    const seen = await events(await ask({ text: "Hello" }, stream));
    expect(seen.map(({ event }) => event)).toEqual(["accepted", "delta", "error"]);
    expect(seen.at(-1)?.data).toMatchObject({
      error: { code: "provider_server_error" },
      request_id: expect.any(String),
    });
  });
});

describe("an Idempotency-Key", () => {
  test("gives the stored answer to the same body, streamed or not, and asks the engine once", async () => {
    edge.script.enqueue({ text: "Once." });
    const key = { "idempotency-key": "k1" };
    const first = await ask({ text: "Hello" }, key);
    const again = await ask({ text: "Hello" }, key);
    const streamed = await ask({ text: "Hello" }, { ...key, ...stream });
    expect([first, again, streamed].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([
      null,
      "true",
      "true",
    ]);
    const body = await jsonOf(first);
    expect(await jsonOf(again)).toEqual(body);
    expect(again.headers.get("x-athena-thread")).toBe(body.thread_id);
    const seen = await events(streamed);
    expect(seen.map(({ event }) => event)).toEqual(["accepted", "delta", "done"]);
    expect(seen.at(-1)?.data).toEqual(body);
    expect(edge.script.queries).toHaveLength(1);
  });

  test("with another body is 422", async () => {
    edge.script.enqueue({ text: "Once." });
    await ask({ text: "Hello" }, { "idempotency-key": "k2" });
    const response = await ask({ text: "Goodbye" }, { "idempotency-key": "k2" });
    expect(response.status).toBe(422);
    expect((await jsonOf(response)).error).toMatchObject({ param: "Idempotency-Key", code: "idempotency_mismatch" });
  });

  test("of a request that still runs is 409, to be tried again", async () => {
    edge.script.enqueue({ delayMs: 150, text: "Slow." });
    const running = ask({ text: "Hello" }, { "idempotency-key": "k3" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const response = await ask({ text: "Hello" }, { "idempotency-key": "k3" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([409, "1"]);
    expect((await running).status).toBe(200);
  });

  test("does not let two requests answer one message, whatever their keys are", async () => {
    edge.script.enqueue({ text: "Hi." }, { delayMs: 300, text: "Slow." });
    const { thread_id } = await jsonOf(await ask({ text: "Hi" }));
    const message = { text: "Hello", thread_id, key: "m-1" };
    const first = ask(message, { "idempotency-key": "k5" });
    await until(async () => edge.script.queries.length === 2);
    for (const headers of [{ "idempotency-key": "k6" }, {}]) {
      const response = await ask(message, headers);
      expect([response.status, (await jsonOf(response)).error.param]).toEqual([409, "key"]);
    }
    const { answer } = await jsonOf(await first);
    const later = await ask(message, { "idempotency-key": "k6" });
    expect((await jsonOf(later)).answer).toBe(answer);
  });

  test("is free again after a failure", async () => {
    edge.script.enqueue({ error: new AppError("DEADLINE_EXCEEDED", "Too late.") }, { text: "Now." });
    const key = { "idempotency-key": "k4" };
    const failed = await ask({ text: "Hello" }, key);
    expect([failed.status, failed.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await ask({ text: "Hello" }, key)).status).toBe(200);
  });

  test.each(["", " ", "x".repeat(256)])("%j is no key", async (key) => {
    const response = await ask({ text: "Hello" }, { "idempotency-key": key });
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error.param).toBe("Idempotency-Key");
  });
});

describe("threads", () => {
  test("list what the caller has, with messages, pages and receipts", async () => {
    edge.script.enqueue({ text: "One." }, { text: "Two." });
    const { thread_id } = await jsonOf(await ask({ text: "First", source: "web" }));
    await ask({ text: "Second", thread_id });
    const get = async (path: string) => jsonOf(await fetch(edge.url + path));

    const { threads } = await get("/threads?limit=500");
    expect(threads.find(({ id }: { id: string }) => id === thread_id)).toEqual({
      id: thread_id,
      channel_id: "direct",
      owner: "local",
      scope: "personal",
      mode: "open",
      created_at: expect.any(String),
      last_position: expect.any(Number),
      meta: {},
    });
    expect((await get(`/threads/${thread_id}`)).id).toBe(thread_id);

    const page = await get(`/threads/${thread_id}/messages?after=0&limit=3`);
    expect(
      page.messages.map(({ position, role, content }: Record<string, unknown>) => [position, role, content]),
    ).toEqual([
      [1, "user", "First"],
      [2, "assistant", "One."],
      [3, "user", "Second"],
    ]);
    expect(page.messages[0]).toEqual({
      id: expect.any(String),
      position: 1,
      role: "user",
      author: "local",
      content: "First",
      created_at: expect.any(String),
      meta: { source: "web" },
    });
    const rest = await get(`/threads/${thread_id}/messages?after=${page.next_after}`);
    expect(rest).toMatchObject({ messages: [{ position: 4 }], next_after: null });

    const { receipts } = await get(`/threads/${thread_id}/receipts`);
    expect(receipts[0]).toMatchObject({ egress: "full", lines: [{ destination: "openai", decision: "sent" }] });
  });

  test.each(["", "/messages", "/receipts"])("an unknown one is 404: /threads/{id}%s", async (rest) => {
    for (const id of ["00000000-0000-4000-8000-000000000000", "not-a-thread", "%27%3B--", "a".repeat(200)]) {
      const response = await fetch(`${edge.url}/threads/${id}${rest}`);
      expect(response.status).toBe(404);
      expect((await jsonOf(response)).error.message).toBe("There is no such thread.");
    }
  });
});
