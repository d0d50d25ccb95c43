import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
beforeEach(() => edge.script.reset());

const hello = [{ role: "user", content: "Hello" }];
const chat = { model: "athena", messages: hello };
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

/** Sends a body and gives the answer, checking what holds for every refusal: envelope, id, nothing written. */
const refusal = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const started = performance.now();
  const response = await fetch(edge.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  const ms = performance.now() - started;
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  const json = await jsonOf(response);
  expect(json.request_id).toBe(response.headers.get("x-request-id"));
  if (path.startsWith("/api/")) expect(typeof json.error).toBe("string");
  else expect(Object.keys(json.error).sort()).toEqual(["code", "message", "param", "type"]);
  expect(edge.threads.size).toBe(0);
  expect(edge.script.queries).toEqual([]);
  return { status: response.status, error: json.error, ms, response };
};

const surfaces = ["/v1/chat/completions", "/api/chat", "/ai/query"];

describe.each(surfaces)("%s refuses", (path) => {
  test.each([
    ["JSON that is cut off", '{"model":"athena"', 400],
    ["a body that is not JSON", "model=athena", 400],
    ["a byte order mark", bytes(0xef, 0xbb, 0xbf, "{}"), 400],
    ["bytes that are not UTF-8", bytes('{"model":"', 0xc3, 0x28, '"}'), 400],
    ["nesting deeper than 32", `{"model":"athena","x":${nested(33)}}`, 400],
    ["nesting of half a million", nested(400_000), 400],
    [
      "more than 1,000 keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, 1]))),
      400,
    ],
    ["a key named __proto__", '{"model":"athena","__proto__":{"admin":true}}', 400],
    ["a null", "null", 400],
    ["a list", "[]", 400],
    ["a number", "7", 400],
    ["no body", "", 400],
    ["2 MB", `{"model":"${"x".repeat(2_000_000)}"}`, 413],
  ] as const)("%s", async (_, body, status) => {
    const { status: seen, ms } = await refusal(path, body);
    expect(seen).toBe(status);
    expect(ms).toBeLessThan(500);
  });

  test("another charset", async () => {
    const { status } = await refusal(path, "{}", { "content-type": "application/json; charset=iso-8859-2" });
    expect(status).toBe(400);
  });

  test("a compressed body", async () => {
    expect((await refusal(path, "{}", { "content-encoding": "gzip" })).status).toBe(415);
  });

  test("another content type of a page", async () => {
    const headers = { "content-type": "text/plain", origin: "http://localhost:3000" };
    expect((await refusal(path, "{}", headers)).status).toBe(415);
  });
});

describe("the OpenAI surface names the field of", () => {
  test.each([
    ["a missing model", { messages: hello }, "model"],
    ["an empty model", { ...chat, model: "" }, "model"],
    ["a model that is a number", { ...chat, model: 4 }, "model"],
    ["missing messages", { model: "athena" }, "messages"],
    ["no messages", { ...chat, messages: [] }, "messages"],
    ["messages that are text", { ...chat, messages: "hi" }, "messages"],
    ["an unknown role", { ...chat, messages: [{ role: "robot", content: "hi" }] }, "messages.0.role"],
    ["content that is a number", { ...chat, messages: [{ role: "user", content: 7 }] }, "messages.0.content"],
    ["a part without a type", { ...chat, messages: [{ role: "user", content: [{}] }] }, "messages.0.content.0.type"],
    ["a temperature in words", { ...chat, temperature: "hot" }, "temperature"],
    ["a negative limit", { ...chat, max_tokens: -1 }, "max_tokens"],
    ["several choices", { ...chat, n: 2 }, "n"],
    ["five stop sequences", { ...chat, stop: ["a", "b", "c", "d", "e"] }, "stop"],
    ["stream in words", { ...chat, stream: "yes" }, "stream"],
    ["tools that are text", { ...chat, tools: "all" }, "tools"],
    ["a tool without a name", { ...chat, tools: [{ type: "function", function: {} }] }, "tools.0.function.name"],
    ["an unknown format", { ...chat, response_format: { type: "yaml" } }, "response_format.type"],
    ["metadata with an unknown mode", { ...chat, metadata: { mode: "secret" } }, "metadata.mode"],
    ["a time zone that is none", { ...chat, metadata: { timezone: "Mars/Olympus" } }, "metadata.timezone"],
  ])("%s", async (_, body, param) => {
    const { status, error } = await refusal("/v1/chat/completions", body);
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: "invalid_request_error", param });
    expect(error.message).not.toBe("");
  });

  test("an unknown model, with 404", async () => {
    const { status, error } = await refusal("/v1/chat/completions", { ...chat, model: "gpt-17" });
    expect(status).toBe(404);
    expect(error).toMatchObject({ type: "invalid_request_error", code: "model_not_found", param: "model" });
  });

  test("an embedder asked to chat", async () => {
    const { status, error } = await refusal("/v1/chat/completions", { ...chat, model: "athena-embed" });
    expect([status, error.param]).toEqual([400, "model"]);
  });

  test.each(["nope/../../etc", "x".repeat(300), "it's"])(
    "an impossible thread id (%#), as if it were unknown",
    async (id) => {
      const { status, error } = await refusal("/v1/chat/completions", { ...chat, metadata: { thread_id: id } });
      expect([status, error.code]).toEqual([404, "not_found"]);
    },
  );

  test("a header with an unknown mode", async () => {
    const { status, error } = await refusal("/v1/chat/completions", chat, { "x-athena-mode": "secret" });
    expect([status, error.param]).toEqual([400, "X-Athena-Mode"]);
  });
});

describe("the Ollama surface says in a string what is wrong with", () => {
  test.each([
    ["a missing model", { messages: hello }, 400, "model"],
    ["an unknown model", { ...chat, model: "llama9" }, 404, "model 'llama9' not found"],
    ["messages that are text", { ...chat, messages: "hi" }, 400, "messages"],
    ["an unknown role", { ...chat, messages: [{ role: "robot" }] }, 400, "messages.0.role"],
    [
      "arguments that are text",
      { ...chat, messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: "{}" } }] }] },
      400,
      "messages.0.tool_calls.0.function.arguments",
    ],
    ["a duration that is none", { ...chat, keep_alive: "soon" }, 400, "keep_alive"],
    [
      "an image that is none",
      { ...chat, messages: [{ role: "user", content: "see", images: ["!!!"] }] },
      400,
      "messages.0.images.0",
    ],
  ])("%s", async (_, body, status, text) => {
    const refused = await refusal("/api/chat", body);
    expect(refused.status).toBe(status);
    expect(refused.error).toContain(text);
  });
});

describe("the native surface names the field of", () => {
  test.each([
    ["missing text", {}, "text"],
    ["blank text", { text: "  " }, "text"],
    ["text that is a number", { text: 4 }, "text"],
    ["mentions that are text", { text: "hi", mentions: "anna" }, "mentions"],
    ["an unknown mode", { text: "hi", mode: "secret" }, "mode"],
    ["consent in words", { text: "hi", consent: "sure" }, "consent"],
    ["a locale that is none", { text: "hi", locale: "??" }, "locale"],
  ])("%s", async (_, body, param) => {
    const { status, error } = await refusal("/ai/query", body);
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: "invalid_request_error", param, code: "invalid_input" });
  });

  test.each([
    ["/threads?limit=-1", "limit"],
    ["/threads?limit=0", "limit"],
    ["/threads?limit=ten", "limit"],
    ["/threads?limit=100000", "limit"],
    ["/threads?limit=1&limit=2", "limit"],
    ["/threads/a/messages?after=-5", "after"],
    ["/threads/a/messages?limit=1.5", "limit"],
    ["/threads/a/receipts?limit=-1", "limit"],
  ])("GET %s", async (path, param) => {
    const response = await fetch(edge.url + path);
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error.param).toBe(param);
  });
});

describe("a body over the limit", () => {
  /** Sends headers and then pieces for as long as the other side lets it; gives the answer and how much was taken. */
  const pour = (headers: string, pieceBytes: number) =>
    new Promise<{ answer: string; sent: number; ms: number }>((resolve) => {
      const socket = connect(edge.port, "127.0.0.1");
      const started = performance.now();
      let answer = "";
      let sent = 0;
      let answeredAfter = 0;
      const piece = Buffer.alloc(pieceBytes, 0x20);
      const frame = headers.includes("chunked")
        ? Buffer.concat([Buffer.from(`${pieceBytes.toString(16)}\r\n`), piece, Buffer.from("\r\n")])
        : piece;
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`,
      );
      const timer = setInterval(() => {
        if (socket.writableNeedDrain) return;
        socket.write(frame);
        if (answer === "") sent += pieceBytes;
      }, 1);
      socket.on("data", (data) => {
        answeredAfter ||= performance.now() - started;
        answer += data;
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        clearInterval(timer);
        resolve({ answer, sent, ms: answeredAfter });
      });
    });

  test("declared by its length is refused before it comes; the client still gets to read why", async () => {
    const { answer, sent } = await pour("Content-Length: 50000000", 65_536);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"request_too_large"');
    expect(sent).toBeLessThan(1_048_576);
  });

  test("in chunks is refused when the limit is passed", async () => {
    const { answer } = await pour("Transfer-Encoding: chunked", 65_536);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("that trickles in after the refusal is drained for at most 2 s", async () => {
    const started = performance.now();
    await pour("Content-Length: 50000000", 1);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  test("does not keep the next request from being answered", async () => {
    edge.script.enqueue({ text: "Fine." });
    expect((await post(`${edge.url}/v1/chat/completions`, chat)).status).toBe(200);
    edge.threads.clear();
  });
});

test("requests with two lengths, two hosts or a bare line feed are refused and the connection closed", async () => {
  const raw = (head: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(edge.port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", () => {});
      socket.write(head);
    });
  const post = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";
  for (const head of [
    `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
    "GET /health HTTP/1.1\nHost: localhost\n\n",
  ]) {
    expect(await raw(head)).toMatch(/^HTTP\/1\.1 400 /);
  }
});
