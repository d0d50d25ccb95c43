import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import { dataLines, type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ stream: { keepAliveMs: 40, stalledMs: 2_000 }, rawFirstByteMs: 80 });
});
afterAll(() => edge.close());
beforeEach(() => edge.script.reset());

// biome-ignore lint/suspicious/noExplicitAny: shapes are what is tested
type Chunk = any;
const ask = (body: object = {}) =>
  post(`${edge.url}/v1/chat/completions`, {
    model: "athena",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
    ...body,
  });
const streamOf = async (body: object = {}): Promise<Chunk[]> => dataLines(await (await ask(body)).text()) as Chunk[];
const deltas = (chunks: Chunk[]) => chunks.flatMap((chunk) => chunk.choices?.map(({ delta }: Chunk) => delta) ?? []);
const textOf = (chunks: Chunk[]) =>
  deltas(chunks)
    .map((delta) => delta.content ?? "")
    .join("");
const tool = (name: string) => ({ type: "function", function: { name, parameters: { type: "object" } } });

describe("a streamed chat completion", () => {
  test("comes as an event stream that nothing on the way holds back, with the thread and request ids", async () => {
    edge.script.enqueue({ text: "Hi." });
    const response = await ask();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
      "x-athena-thread": [...edge.threads.keys()].at(-1),
      "x-request-id": expect.any(String),
    });
    await response.text();
  });

  test("is role, pieces, one finish with Athena's part, and the end marker; usage unasked for is not sent", async () => {
    edge.script.enqueue({ text: ["Hello ", "there."] });
    const chunks = await streamOf();
    expect(chunks.pop()).toBe("[DONE]");
    expect(deltas(chunks)).toEqual([
      { role: "assistant", content: "" },
      { content: "Hello " },
      { content: "there." },
      {},
    ]);
    expect(chunks.map((chunk) => chunk.choices[0].finish_reason)).toEqual([null, null, null, "stop"]);
    expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ object: "chat.completion.chunk", model: "athena" });
      expect(chunk).not.toHaveProperty("usage");
      expect(chunk).not.toHaveProperty("error");
    }
    expect(chunks.at(-1).athena).toMatchObject({ thread_id: expect.any(String), intents: [{ name: "chat" }] });
    expect(chunks.slice(0, -1).every((chunk) => !("athena" in chunk))).toBe(true);
  });

  test("ends with a usage chunk without choices when asked", async () => {
    edge.script.enqueue({ text: "Hi." });
    const chunks = await streamOf({ stream_options: { include_usage: true } });
    expect(chunks.at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    });
    expect(chunks.at(-3).choices[0].finish_reason).toBe("stop");
  });

  test("gives each tool call whole in one delta, indexed from 0", async () => {
    edge.script.enqueue({
      text: "Looking.",
      toolCalls: [
        { id: "a", name: "f", arguments: { x: 1 } },
        { id: "b", name: "g", arguments: {} },
      ],
    });
    const chunks = await streamOf({ tools: [tool("f"), tool("g")] });
    expect(deltas(chunks).slice(2)).toEqual([
      { tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }] },
      { tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "g", arguments: "{}" } }] },
      {},
    ]);
    expect(chunks.at(-2).choices[0].finish_reason).toBe("tool_calls");
  });

  test("speaks of functions to a client that does", async () => {
    edge.script.enqueue({ toolCalls: [{ name: "f", arguments: {} }] });
    const chunks = await streamOf({ functions: [{ name: "f" }] });
    expect(deltas(chunks)[1]).toEqual({ function_call: { name: "f", arguments: "{}" } });
    expect(chunks.at(-2).choices[0].finish_reason).toBe("function_call");
  });

  test("puts reasoning and sources into deltas of their own", async () => {
    const source = {
      id: "e1",
      service: "news",
      title: "",
      text: "",
      data: {},
      sourceName: "GDELT",
      sourceUrl: "https://gdelt.example/1",
      observedAt: "2026-11-21T10:00:00Z",
      score: 1,
    };
    edge.script.enqueue({ reasoning: "Hm.", text: "Yes.", result: { evidence: [source, source] } });
    expect(deltas(await streamOf())).toEqual([
      { role: "assistant", content: "" },
      { reasoning_content: "Hm." },
      { content: "Yes." },
      {
        annotations: [
          {
            type: "url_citation",
            url_citation: { start_index: 0, end_index: 4, url: "https://gdelt.example/1", title: "GDELT" },
          },
        ],
      },
      {},
    ]);
  });

  test("stops before a stop sequence that lies across pieces, and says so", async () => {
    edge.script.enqueue({ text: ["One E", "N", "D two"] });
    const chunks = await streamOf({ stop: ["END"] });
    expect(textOf(chunks)).toBe("One ");
    expect(chunks.at(-2).choices[0].finish_reason).toBe("stop");
  });

  test("sends an answer that came without pieces", async () => {
    edge.script.enqueue({ result: { answer: "Fixed." } });
    expect(textOf(await streamOf())).toBe("Fixed.");
  });

  test("carries 100,000 characters with line ends of every kind and emoji, exactly", async () => {
    const text = "a\u2028b\u2029c\u0085d\r\n👩‍🚀é".repeat(6_700);
    const pieces = [text.slice(0, 12), text.slice(12, 50_001), text.slice(50_001)]; // the first cut is inside an emoji
    edge.script.enqueue({ text: pieces });
    const raw = await (await ask()).text();
    expect(raw).not.toMatch(/[\u0085\u2028\u2029]/);
    const chunks = dataLines(raw) as Chunk[];
    expect(textOf(chunks)).toBe(text);
    for (const delta of deltas(chunks)) expect(delta.content ?? "").not.toMatch(/[\ud800-\udbff]$/);
  });

  test("says that it is still there by empty deltas, after the role chunk and never before", async () => {
    edge.script.enqueue({ firstChunkDelayMs: 150, text: "Late." });
    const seen = deltas(await streamOf());
    expect(seen[0]).toEqual({ role: "assistant", content: "" });
    expect(seen.indexOf(seen.find(({ content }) => content === "Late."))).toBeGreaterThan(2);
    expect(seen.slice(1, 3)).toEqual([{}, {}]);
  });

  test("opens as soon as the message is kept, though the model is slow", async () => {
    edge.script.enqueue({ firstChunkDelayMs: 300, text: "Late." });
    const before = performance.now();
    const response = await ask();
    expect(performance.now() - before).toBeLessThan(200);
    await response.text();
  });
});

describe("a failure", () => {
  test.each([
    ["an unknown thread", new AppError("NOT_FOUND", "There is no such thread."), 404, "not_found", null],
    ["a database that is down", new AppError("DATABASE_UNAVAILABLE", "Try again."), 503, "database_unavailable", "1"],
  ])("before the first byte is plain JSON with its status: %s", async (_, error, status, code, retryAfter) => {
    // The engine fails before `accepted` only when the timeline does.
    const failing = await startEdge({
      deps: {
        engine: {
          run: async () => {
            throw error;
          },
        },
      },
    });
    try {
      const body = { model: "athena", stream: true, messages: [{ role: "user", content: "Hi" }] };
      const response = await post(`${failing.url}/v1/chat/completions`, body);
      expect(response.status).toBe(status);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(response.headers.get("retry-after")).toBe(retryAfter);
      expect((await jsonOf(response)).error.code).toBe(code);
    } finally {
      await failing.close();
    }
  });

  test.each(["athena", "openai/stand-in"])(
    "in mid-stream (%s) is one line with the envelope and no end marker",
    async (model) => {
      edge.script.enqueue({ text: ["Hello ", "there."], errorAfterChunks: 1 });
      const response = await ask({ model });
      const chunks = dataLines(await response.text()) as Chunk[];
      expect(textOf(chunks)).toBe("Hello ");
      expect(chunks.at(-1)).toEqual({
        error: { message: "The model went away.", type: "server_error", param: null, code: "provider_server_error" },
        request_id: response.headers.get("x-request-id"),
      });
      expect(chunks.some((chunk) => chunk.choices?.[0]?.finish_reason)).toBe(false);
    },
  );

  test("that is a bug shows nothing of its inside, and is logged with the request's id", async () => {
    const response = await ask(); // nobody scripted it
    expect(response.status).toBe(500);
    expect(await jsonOf(response)).toMatchObject({ error: { message: "internal error", type: "server_error" } });
    const line = edge.logs.find(({ requestId, code }) => requestId === response.headers.get("x-request-id") && code);
    expect(line).toMatchObject({ level: 50, code: "INTERNAL" });
  });
});

describe("a stream of a provider's own model", () => {
  test("keeps the status of a failure that comes before its first byte", async () => {
    edge.script.enqueue({ kind: "failure", status: 429, message: "busy", delayMs: 20 });
    const response = await ask({ model: "openai/stand-in" });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("3");
    await response.text();
  });

  test("opens after a while though the provider has said nothing", async () => {
    edge.script.enqueue({ kind: "failure", status: 500, message: "gone", delayMs: 250 });
    const response = await ask({ model: "openai/stand-in" });
    expect(response.status).toBe(200);
    const chunks = dataLines(await response.text()) as Chunk[];
    expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.at(-1)).toMatchObject({ error: { message: "gone" } });
  });
});
