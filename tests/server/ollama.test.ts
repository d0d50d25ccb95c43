import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({
    stream: { keepAliveMs: 40, stalledMs: 2_000 },
    listed: [{ id: "ollama/qwen3:8b", provider: "ollama", local: true, capabilities: ["chat"] }],
  });
});
afterAll(() => edge.close());
beforeEach(() => edge.script.reset());

const hello = [{ role: "user", content: "Hello" }];
// biome-ignore lint/suspicious/noExplicitAny: shapes are what is tested
type Line = any;
const linesOf = (text: string): Line[] => {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line)); // a blank line fails here, as in ollama-python
};
const chat = (body: object = {}) => post(`${edge.url}/api/chat`, { model: "athena", messages: hello, ...body });
const generate = (body: object = {}) => post(`${edge.url}/api/generate`, { model: "athena", prompt: "Hello", ...body });
const durations = [
  "total_duration",
  "load_duration",
  "prompt_eval_count",
  "prompt_eval_duration",
  "eval_count",
  "eval_duration",
];
const tool = {
  type: "function",
  function: { name: "HassTurnOn", description: "On", parameters: { properties: { name: {} } } },
};

describe("/api/chat", () => {
  test("streams lines by default: pieces, then a last line with counts and whole nanoseconds", async () => {
    edge.script.enqueue({ text: ["Hi ", "there."] });
    const response = await chat();
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(response.headers.get("x-athena-thread")).toBe([...edge.threads.keys()].at(-1));
    const lines = linesOf(await response.text());
    expect(lines.map(({ message }) => message)).toEqual([
      { role: "assistant", content: "Hi " },
      { role: "assistant", content: "there." },
      { role: "assistant", content: "" },
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({ model: "athena", created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect(line).not.toHaveProperty("error");
      expect(Object.values(line)).not.toContain(null);
    }
    expect(lines.map(({ done }) => done)).toEqual([false, false, true]);
    const last = lines.at(-1);
    expect(last).toMatchObject({ done_reason: "stop", prompt_eval_count: 12, eval_count: 3 });
    for (const name of durations) expect(Number.isInteger(last[name]), name).toBe(true);
  });

  test("gives one object when it is not to stream", async () => {
    edge.script.enqueue({ reasoning: "Hm.", text: "Hi.", finish: "length" });
    const response = await chat({ stream: false });
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await jsonOf(response)).toMatchObject({
      model: "athena",
      message: { role: "assistant", content: "Hi.", thinking: "Hm." },
      done: true,
      done_reason: "length",
      eval_count: 3,
    });
  });

  test("shows thinking in its own key, and none when it is off", async () => {
    edge.script.enqueue({ reasoning: "Hm.", text: "Hi." }, { reasoning: "Hm.", text: "Hi." });
    const [shown, hidden] = [await chat(), await chat({ think: false })];
    expect(linesOf(await shown.text())[0].message).toEqual({ role: "assistant", content: "", thinking: "Hm." });
    expect(await hidden.text()).not.toContain("thinking");
  });

  test("says each call whole, with an object of arguments, in a line before the last", async () => {
    edge.script.enqueue({
      toolCalls: [
        { id: "a", name: "HassTurnOn", arguments: { name: "lamp" } },
        { id: "b", name: "HassTurnOn", arguments: {} },
      ],
    });
    const lines = linesOf(await (await chat({ tools: [tool] })).text());
    expect(lines.slice(0, 2).flatMap(({ message }) => message.tool_calls)).toEqual([
      { id: "a", function: { index: 0, name: "HassTurnOn", arguments: { name: "lamp" } } },
      { id: "b", function: { index: 1, name: "HassTurnOn", arguments: {} } },
    ]);
    expect(lines.at(-1)).toMatchObject({
      done: true,
      done_reason: "stop",
      message: { role: "assistant", content: "" },
    });
    expect(edge.script.queries[0]?.clientTools).toEqual([
      { name: "HassTurnOn", description: "On", parameters: { properties: { name: {} } } },
    ]);
  });

  test("matches results without ids by name, else by position, and makes the same ids for the same history", async () => {
    const call = (name: string, value: string) => ({ function: { name, arguments: { value } } });
    const messages = [
      { role: "System", content: "You control a house." },
      { role: "user", content: "Lights on" },
      { role: "assistant", content: "", tool_calls: [call("f", "1"), call("g", "2"), call("f", "3")] },
      { role: "tool", content: "g done", tool_name: "g" },
      { role: "tool", content: "f done" },
      { role: "tool", content: "f done too" },
      { role: "tool", content: "orphan" },
    ];
    edge.script.enqueue({ text: "On." }, { text: "On." });
    for (const _ of [1, 2]) await (await chat({ messages })).text();
    const [first, second] = edge.script.queries.map((query) => query.messages as unknown as Line[]);
    const ids = first![2].toolCalls.map(({ id }: Line) => id);
    expect(new Set(ids).size).toBe(3);
    expect(first!.slice(3).map(({ toolCallId }) => toolCallId)).toEqual([ids[1], ids[0], ids[2], expect.any(String)]);
    expect(first!.slice(3, 6).map(({ toolName }) => toolName)).toEqual(["g", "f", "f"]);
    expect(second).toEqual(first);
    expect(first![0].role).toBe("system");
  });

  test("passes options, format and images on", async () => {
    const schema = { type: "object", properties: {} };
    edge.script.enqueue({ text: "{}" }, { text: "{}" }, { text: "x" });
    const options = {
      temperature: 0.1,
      top_p: 0.9,
      seed: 3,
      num_predict: 64,
      stop: ["END"],
      num_ctx: 8192,
      mirostat: 1,
    };
    await (await chat({ options, format: schema })).text();
    expect(edge.script.queries[0]).toMatchObject({
      surface: "ollama",
      sampling: { temperature: 0.1, topP: 0.9, seed: 3, maxTokens: 64, stop: ["END"] },
      responseFormat: { type: "json_schema", schema },
    });
    const image = "/9j/4AAQSkZJRg==";
    await (
      await chat({
        format: "json",
        options: { num_predict: -1 },
        messages: [{ ...hello[0], images: [`data:image/jpeg;base64,${image}`] }],
      })
    ).text();
    expect(edge.script.queries[1]).toMatchObject({ sampling: {}, responseFormat: { type: "json_object" } });
    expect(edge.script.queries[1]?.messages[0]?.content).toEqual([
      { type: "text", text: "Hello" },
      { type: "image", mediaType: "image/jpeg", base64: image },
    ]);
    await (
      await chat({ model: "ollama/qwen3:8b", format: "", options: { num_ctx: 8192 }, keep_alive: "5m", think: "high" })
    ).text();
    expect(edge.script.chats[0]).toMatchObject({ contextLength: 8192, keepAlive: "5m", think: "high" });
    expect(edge.script.chats[0]).not.toHaveProperty("responseFormat");
  });

  test.each([[300], [-1], [-1.0], ["300s"], ["5m"], ["-1m"], ["1h30m"], ["-1"]])(
    "takes keep_alive %j; without messages it loads",
    async (keep_alive) => {
      const loaded = await jsonOf(await chat({ messages: [], keep_alive }));
      expect(loaded).toEqual({
        model: "athena",
        created_at: expect.any(String),
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: "load",
      });
    },
  );

  test.each([0, "0", "0s", "0m"])("unloads without messages when keep_alive is %j", async (keep_alive) => {
    expect(await jsonOf(await post(`${edge.url}/api/chat`, { model: "athena", keep_alive }))).toMatchObject({
      done_reason: "unload",
    });
  });

  test("keeps a slow stream alive by lines that are whole ones", async () => {
    edge.script.enqueue({ firstChunkDelayMs: 150, text: "Late." });
    const lines = linesOf(await (await chat()).text());
    expect(lines.length).toBeGreaterThan(3);
    expect(lines[0]).toMatchObject({ message: { role: "assistant", content: "" }, done: false });
  });

  test("escapes what some readers take for line ends", async () => {
    edge.script.enqueue({ text: "a\u2028b\u2029c\u0085d" });
    const text = await (await chat()).text();
    expect(text).not.toMatch(/[\u0085\u2028\u2029]/);
    expect(linesOf(text)[0].message.content).toBe("a\u2028b\u2029c\u0085d");
  });

  test("ends a broken stream with the error as a string, and no last line", async () => {
    edge.script.enqueue({ text: ["One ", "two"], errorAfterChunks: 1 });
    const lines = linesOf(await (await chat()).text());
    expect(lines.at(-1)).toEqual({ error: "The model went away." });
    expect(lines.some(({ done }) => done)).toBe(false);
  });

  test("keeps the status of a failure before the first byte", async () => {
    edge.script.enqueue({ kind: "failure", status: 500, message: "no" });
    const response = await chat({ model: "ollama/qwen3:8b" });
    expect(response.status).toBe(503);
    expect(await jsonOf(response)).toMatchObject({ error: "no" });
  });

  test.each(["athena", "athena:latest", "ATHENA", "athena-private:latest"])("knows the name %s", async (model) => {
    edge.script.enqueue({ text: "Hi." });
    const lines = linesOf(await (await chat({ model })).text());
    expect(lines[0].model).toBe(model);
  });

  test.each([undefined, "text/plain", "application/x-www-form-urlencoded"])(
    "takes a body with content type %s from a program",
    async (type) => {
      edge.script.enqueue({ text: "Hi." });
      const response = await fetch(`${edge.url}/api/chat`, {
        method: "POST",
        headers: type ? { "content-type": type } : {},
        body: new Blob([JSON.stringify({ model: "athena", messages: hello, stream: false })]),
      });
      expect(response.status).toBe(200);
      await response.text();
    },
  );
});

describe("/api/generate", () => {
  test("answers a prompt in lines whose response is always a string", async () => {
    edge.script.enqueue({ reasoning: "Hm.", text: "Hi." });
    const lines = linesOf(
      await (await generate({ system: "Be brief.", context: [1, 2], raw: true, suffix: "" })).text(),
    );
    expect(lines).toMatchObject([
      { response: "", thinking: "Hm.", done: false },
      { response: "Hi.", done: false },
      { response: "", done: true, done_reason: "stop" },
    ]);
    expect(edge.script.queries[0]?.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ]);
  });

  test("gives one object when it is not to stream, and loads without a prompt", async () => {
    edge.script.enqueue({ text: "Hi." });
    expect(await jsonOf(await generate({ stream: false }))).toMatchObject({ response: "Hi.", done: true });
    expect(await jsonOf(await generate({ prompt: "" }))).toMatchObject({
      response: "",
      done: true,
      done_reason: "load",
    });
  });
});

describe("what clients ask before they chat", () => {
  const get = (path: string, method = "GET") => fetch(edge.url + path, { method });

  test.each(["/", "/api/version", "/api/tags", "/api/ps"])("GET and HEAD %s", async (path) => {
    const [got, head] = [await get(path), await get(path, "HEAD")];
    expect([got.status, head.status]).toEqual([200, 200]);
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-type")).toBe(got.headers.get("content-type"));
    await got.text();
  });

  test("the greeting and the version", async () => {
    expect(await (await get("/")).text()).toBe("Ollama is running");
    expect((await jsonOf(await get("/api/version"))).version).toMatch(/^0\.\d+\.\d+$/);
  });

  test("tags carry a tag, equal names, a date, a stable digest", async () => {
    const [{ models }, again] = [await jsonOf(await get("/api/tags")), await jsonOf(await get("//api/tags/"))];
    expect(models.map(({ name }: Line) => name)).toEqual([
      "athena:latest",
      "athena-private:latest",
      "athena-embed:latest",
      "ollama/qwen3:8b",
    ]);
    for (const model of models) {
      expect(model.model).toBe(model.name);
      expect(model.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(Number.isInteger(model.size)).toBe(true);
      expect(new Date(model.modified_at).getTime()).toBeGreaterThan(0);
      expect(model.details).toMatchObject({ family: expect.any(String), families: [expect.any(String)] });
    }
    expect(again.models).toEqual(models);
    expect(new Set(models.map(({ digest }: Line) => digest)).size).toBe(4);
  });

  test("ps has the loaded models, with an end in the future", async () => {
    const { models } = await jsonOf(await get("/api/ps"));
    expect(models).toHaveLength(3);
    for (const model of models) {
      expect(new Date(model.expires_at).getTime()).toBeGreaterThan(Date.now());
      expect([model.size, model.size_vram, model.context_length].every(Number.isInteger)).toBe(true);
    }
  });

  test.each([
    [{ model: "athena" }, ["completion", "tools"]],
    [{ name: "athena-embed:latest" }, ["embedding"]],
    [{ model: "ollama/qwen3:8b" }, ["completion", "tools"]],
  ])("show %j says what it can do", async (body, capabilities) => {
    expect(await jsonOf(await post(`${edge.url}/api/show`, body))).toMatchObject({
      capabilities,
      model_info: { "general.architecture": expect.any(String) },
      details: expect.any(Object),
      template: "",
    });
  });

  test("show of an unknown model is 404, of none 400", async () => {
    const unknown = await post(`${edge.url}/api/show`, { model: "nobody" });
    expect([unknown.status, (await jsonOf(unknown)).error]).toEqual([404, "model 'nobody' not found"]);
    expect((await post(`${edge.url}/api/show`, {})).status).toBe(400);
  });

  test("paths work behind a prefix, doubled slashes and a trailing one", async () => {
    for (const path of ["/prefix/api/tags", "/a/b//api/tags/", "//api/tags"])
      expect((await get(path)).status, path).toBe(200);
    edge.script.enqueue({ text: "Hi." });
    expect(
      (await post(`${edge.url}/prefix/api/chat`, { model: "athena", messages: hello, stream: false })).status,
    ).toBe(200);
  });

  test.each(["/api/nothing", "/prefix/api/nothing", "/api", "/api/tags/x"])(
    "the unknown %s is a JSON 404",
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await jsonOf(response)).toHaveProperty("error");
    },
  );

  test("a wrong method is 405 with Allow", async () => {
    const response = await get("/api/chat");
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(typeof (await jsonOf(response)).error).toBe("string");
  });
});

describe("embeddings", () => {
  test("embed gives one vector for each input, always a list of lists", async () => {
    const embed = async (input: unknown) =>
      jsonOf(await post(`${edge.url}/api/embed`, { model: "athena-embed", input }));
    expect((await embed(["a", "b"])).embeddings).toHaveLength(2);
    expect((await embed("a")).embeddings[0]).toHaveLength(8);
    expect(await embed("a")).toMatchObject({ model: "athena-embed", prompt_eval_count: 2, load_duration: 0 });
    expect((await embed([])).embeddings).toEqual([]);
    expect((await embed("")).embeddings).toEqual([]);
  });

  test("the older form gives one vector", async () => {
    const body = { model: "athena-embed", prompt: "a" };
    expect((await jsonOf(await post(`${edge.url}/api/embeddings`, body))).embedding).toHaveLength(8);
  });

  test("of a model that only chats are 400", async () => {
    expect((await post(`${edge.url}/api/embed`, { model: "athena", input: "a" })).status).toBe(400);
  });
});

describe("pull", () => {
  const pull = (body: object) => post(`${edge.url}/api/pull`, body);

  test("of a served model succeeds at once, in both forms", async () => {
    expect(await jsonOf(await pull({ model: "athena", stream: false }))).toEqual({ status: "success" });
    expect(linesOf(await (await pull({ name: "ollama/qwen3:8b" })).text())).toEqual([{ status: "success" }]);
  });

  test.each(["llama9", "ollama/llama9"])("of %s fails, rather than promise what nobody serves", async (model) => {
    const response = await pull({ model, stream: false });
    expect(response.status).toBe(404);
    expect((await jsonOf(response)).error).toBe(`model '${model}' not found`);
  });

  test.each([
    ["DELETE", "/api/delete"],
    ["POST", "/api/copy"],
    ["POST", "/api/create"],
    ["POST", "/api/push"],
  ])("%s %s is refused in JSON", async (method, path) => {
    const response = await fetch(edge.url + path, { method, body: "{}" });
    expect(response.status).toBe(501);
    expect(typeof (await jsonOf(response)).error).toBe("string");
  });
});
