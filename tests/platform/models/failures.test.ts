import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ModelGateway } from "../../../platform/models/model-gateway.ts";
import { eventsOf, gatewayOn, requestTo, textOf } from "../../support/gateway.ts";
import { type ModelReply, type ModelServer, startModelServer } from "../../support/model-server.ts";

let openai: ModelServer;
let ollama: ModelServer;
let gateway: ModelGateway;
const addresses = () => ({
  OPENAI_BASE_URL: openai.openaiUrl,
  OLLAMA_BASE_URL: ollama.ollamaUrl,
  ATHENA_MODEL: "openai/m",
});
/** One that waits 0.3 s for the first token, and for each after it. */
const useImpatientGateway = async () => {
  await gateway.close();
  gateway = await gatewayOn({ ...addresses(), ATHENA_FIRST_TOKEN_SECONDS: 0.3 }, { idleMs: 300 });
};
beforeAll(async () => {
  [openai, ollama] = await Promise.all([startModelServer({ models: ["m"] }), startModelServer({ models: ["m"] })]);
});
beforeEach(async () => {
  openai.reset();
  ollama.reset();
  // A fresh one each time, since breakers remember.
  gateway = await gatewayOn(addresses());
});
afterEach(() => gateway.close());
afterAll(() => Promise.all([openai.close(), ollama.close()]));

const failure = (status: number, more: object = {}): ModelReply => ({ kind: "failure", status, ...more });
const ask = (model: string, more: Parameters<typeof requestTo>[1] = {}) =>
  eventsOf(gateway.stream(requestTo(model, more)));
const both = ["openai/m", "ollama/m"];
const serverOf = (model: string) => (model.startsWith("openai/") ? openai : ollama);

describe.each(both)("%s before the first token", (model) => {
  test.each([
    ["401", failure(401), "PROVIDER_REFUSED", 1],
    ["403", failure(403), "PROVIDER_REFUSED", 1],
    ["400", failure(400, { message: "bad temperature" }), "PROVIDER_REFUSED", 1],
    ["422", failure(422), "PROVIDER_REFUSED", 1],
    ["404 of the model", failure(404, { message: "model 'm' not found" }), "MODEL_NOT_FOUND", 1],
    ["404 of the route", failure(404, { message: "page gone" }), "PROVIDER_REFUSED", 1],
    [
      "too long a context",
      failure(400, { code: "context_length_exceeded", message: "maximum context length is 8192 tokens" }),
      "CONTEXT_TOO_LONG",
      1,
    ],
    ["413", failure(413), "CONTEXT_TOO_LONG", 1],
    [
      "a used-up quota",
      failure(429, { type: "insufficient_quota", message: "You exceeded your current quota" }),
      "PROVIDER_REFUSED",
      1,
    ],
    ["a redirect", failure(307, { headers: { location: "http://127.0.0.1:9/" } }), "PROVIDER_REFUSED", 1],
    ["429", failure(429, { headers: { "retry-after": "0.05" } }), "PROVIDER_OVERLOADED", 3],
    ["500", failure(500), "PROVIDER_SERVER_ERROR", 3],
    ["503", failure(503), "PROVIDER_SERVER_ERROR", 3],
    ["a web page with status 200", { kind: "bytes", body: "<html>Log in</html>" }, "PROVIDER_SERVER_ERROR", 3],
    [
      "a web page with status 502",
      { kind: "bytes", status: 502, body: "<html>Bad gateway</html>" },
      "PROVIDER_SERVER_ERROR",
      3,
    ],
    [
      "garbage",
      { kind: "bytes", headers: { "content-type": "application/json" }, body: "data: {oops\n\n" },
      "PROVIDER_SERVER_ERROR",
      3,
    ],
    [
      "nothing at all",
      { kind: "bytes", headers: { "content-type": "text/event-stream" }, body: "" },
      "PROVIDER_SERVER_ERROR",
      3,
    ],
    ["a cut before any text", { text: "x", cut: { afterChunks: 0, how: "reset" } }, "PROVIDER_SERVER_ERROR", 3],
    ["an error in place of an answer", { text: "x", errorAfterChunks: 0 }, "PROVIDER_SERVER_ERROR", 3],
  ] as [string, ModelReply, string, number][])(
    "%s is %3$s after %4$i calls".replace("%3$s", "%s"),
    async (_name, reply, code, calls) => {
      const server = serverOf(model);
      server.respond(reply);
      const error = await ask(model).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ name: "AppError", code });
      expect(server.requests).toHaveLength(calls);
      // Never what the provider wrote, nor where it is.
      expect((error as Error).message).not.toMatch(/temperature|page gone|html|127\.0\.0\.1|quota of m/);
    },
  );

  test.each([
    ["silence", { kind: "silence" }],
    ["a status line and then silence", { text: "x", firstChunkDelayMs: 2_000 }],
  ] as [string, ModelReply][])("%s is PROVIDER_TIMEOUT after 3 calls", async (_name, reply) => {
    await useImpatientGateway();
    serverOf(model).respond(reply);
    await expect(ask(model)).rejects.toMatchObject({ name: "AppError", code: "PROVIDER_TIMEOUT" });
    expect(serverOf(model).requests).toHaveLength(3);
  });

  test("one failure is mended by another try", async () => {
    serverOf(model).enqueue(failure(500), { text: "fine" });
    expect(textOf(await ask(model))).toBe("fine");
  });

  test("Retry-After is honoured", async () => {
    const server = serverOf(model);
    server.enqueue(failure(429, { headers: { "retry-after": "1" } }), { text: "fine" });
    await ask(model);
    const [first, second] = server.requests;
    expect(second!.receivedAt - first!.receivedAt).toBeGreaterThanOrEqual(1_000);
  });

  test("a Retry-After beyond the deadline is not waited for, and told to the caller", async () => {
    serverOf(model).respond(failure(429, { headers: { "retry-after": "30" } }));
    const started = performance.now();
    await expect(ask(model)).rejects.toMatchObject({ code: "PROVIDER_OVERLOADED", retryAfterSeconds: 30 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("the deadline ends it", async () => {
    serverOf(model).respond({ text: "late", delayMs: 1_000 });
    const started = performance.now();
    await expect(ask(model, { deadlineAt: performance.now() + 150 })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
    });
    expect(performance.now() - started).toBeLessThan(900);
  });
});

describe.each(both)("%s after the first token", (model) => {
  const seen = async (more: Parameters<typeof requestTo>[1] = {}) => {
    let text = "";
    try {
      for await (const event of gateway.stream(requestTo(model, more))) if (event.type === "text") text += event.text;
    } catch (error) {
      return { text, error };
    }
    return { text, error: undefined };
  };

  test.each([
    ["a reset", { cut: { afterChunks: 3, how: "reset" } }, "PROVIDER_SERVER_ERROR"],
    ["a polite end without an end marker", { cut: { afterChunks: 3, how: "end" } }, "PROVIDER_SERVER_ERROR"],
    ["an error object", { errorAfterChunks: 3 }, "PROVIDER_SERVER_ERROR"],
  ] as const)("%s is an error, never another try", async (_name, how, code) => {
    const server = serverOf(model);
    server.enqueue({ text: ["a", "b", "c", "d", "e", "f"], ...how });
    const { text, error } = await seen();
    expect(text).toMatch(/^a/);
    expect(text).not.toContain("f");
    expect(error).toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });

  test("silence is an error, never another try", async () => {
    await useImpatientGateway();
    serverOf(model).enqueue({ text: ["a", "b"], chunkDelayMs: 1_500, withoutRole: true });
    const { text, error } = await seen();
    expect(text).toBe("a");
    expect(error).toMatchObject({ code: "PROVIDER_TIMEOUT" });
    expect(serverOf(model).requests).toHaveLength(1);
  });

  test("a slow reader is not taken for a silent provider", async () => {
    await useImpatientGateway();
    serverOf(model).enqueue({ text: ["a", "b"] });
    let text = "";
    for await (const event of gateway.stream(requestTo(model))) {
      if (event.type === "text") text += event.text;
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(text).toBe("ab");
  });
});

describe.each(both)("a caller of %s who leaves", (model) => {
  test.each([
    ["before the first token", { text: "x", delayMs: 5_000 }],
    ["in mid-stream", { text: Array.from({ length: 200 }, () => "x"), chunkDelayMs: 20 }],
  ] as const)("%s ends the upstream call within 250 ms", async (_name, reply) => {
    const server = serverOf(model);
    server.enqueue(reply);
    const caller = new AbortController();
    const reason = new Error("the caller left");
    const answer = ask(model, { signal: caller.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const leftAt = performance.now();
    caller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(performance.now() - leftAt).toBeLessThan(250);
    await expect.poll(() => server.requests[0]?.aborted).toBe(true);
    expect(server.requests[0]!.abortedAt! - leftAt).toBeLessThan(250);
    expect(server.requests).toHaveLength(1);
  });

  test("by breaking out of the loop ends it too", async () => {
    const server = serverOf(model);
    server.enqueue({ text: Array.from({ length: 200 }, () => "x"), chunkDelayMs: 20 });
    for await (const event of gateway.stream(requestTo(model))) if (event.type === "text") break;
    await expect.poll(() => server.requests[0]?.aborted).toBe(true);
  });

  test("before it begins sends nothing", async () => {
    await expect(ask(model, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(serverOf(model).requests).toEqual([]);
  });
});

describe("a reply without end", () => {
  test.each([
    ["openai/m", "data: "],
    ["ollama/m", '{"message":{"content":"'],
  ])("of %s is given up before it fills the memory", async (model, beginning) => {
    const megabyte = "x".repeat(1_048_576);
    serverOf(model).respond({
      kind: "bytes",
      headers: { "content-type": "application/octet-stream" },
      body: [beginning, ...Array.from({ length: 40 }, () => megabyte)],
    });
    const before = process.memoryUsage().rss;
    await expect(ask(model, { deadlineAt: performance.now() + 8_000 })).rejects.toMatchObject({
      code: "PROVIDER_SERVER_ERROR",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1_048_576);
  });
});
