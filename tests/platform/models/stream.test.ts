import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChatEvent, ModelGateway, ToolDeclaration } from "../../../platform/models/model-gateway.ts";
import { eventsOf, gatewayOn, requestTo, textOf } from "../../support/gateway.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

let server: ModelServer;
let gateway: ModelGateway;
beforeAll(async () => {
  server = await startModelServer({ models: ["m"], apiKey: "secret" });
  const ollama = await startModelServer({ models: ["m"] });
  ollamaServer = ollama;
  gateway = await gatewayOn({
    OPENAI_BASE_URL: server.openaiUrl,
    OPENAI_API_KEY: "secret",
    OLLAMA_BASE_URL: ollama.ollamaUrl,
    ATHENA_MODEL: "openai/m",
  });
});
let ollamaServer: ModelServer;
afterAll(async () => {
  await gateway.close();
  await Promise.all([server.close(), ollamaServer.close()]);
});
beforeEach(() => {
  server.reset();
  ollamaServer.reset();
});
const serverOf = (model: string) => (model.startsWith("openai/") ? server : ollamaServer);
const both = ["openai/m", "ollama/m"];
const weather: ToolDeclaration = {
  name: "assist__GetWeather",
  description: "Weather",
  parameters: { type: "object", properties: { place: { anyOf: [{ type: "string" }, {}] } }, "x-odd": [1, null] },
};
const callsOf = (events: readonly ChatEvent[]) =>
  events.flatMap((event) => (event.type === "toolCall" ? [event.call] : []));

describe.each(both)("an answer of %s", (model) => {
  test("comes as start, text as it was sent, and one finish with the provider's own usage", async () => {
    serverOf(model).enqueue({ text: ["Hel", "lo ", "there"], usage: { promptTokens: 11, completionTokens: 3 } });
    expect(await eventsOf(gateway.stream(requestTo(model)))).toEqual([
      { type: "start", model },
      { type: "text", text: "Hel" },
      { type: "text", text: "lo " },
      { type: "text", text: "there" },
      { type: "finish", reason: "stop", usage: { promptTokens: 11, completionTokens: 3, estimated: false } },
    ]);
  });

  test("of 100,000 characters with U+2028, U+0085, emoji and CRLF arrives byte-exact, however the wire cuts it", async () => {
    const alphabet = [
      "a",
      "ż",
      "\u2028",
      "\u0085",
      "😀",
      "\r\n",
      "\n\n",
      "data: ",
      "\u2029",
      "\t",
      '"',
      "\\",
      "\u0000",
      "שלום",
    ];
    const pieces = Array.from({ length: 30_000 }, (_, at) => alphabet[(at * 7 + (at >> 5)) % alphabet.length] ?? "");
    const text = pieces.join("").repeat(2);
    expect(text.length).toBeGreaterThan(100_000);
    const chunks = text.match(/[\s\S]{1,37}/g) ?? [];
    // A surrogate pair that is cut in two between chunks stays two halves that join again.
    serverOf(model).enqueue({ text: chunks, wireBytes: 1_013 });
    expect(textOf(await eventsOf(gateway.stream(requestTo(model))))).toBe(text);
  });

  test("keeps reasoning apart from text", async () => {
    serverOf(model).enqueue({ reasoning: ["Let me ", "think."], text: "42" });
    const events = await eventsOf(gateway.stream(requestTo(model)));
    expect(events.slice(1, -1)).toEqual([
      { type: "reasoning", text: "Let me " },
      { type: "reasoning", text: "think." },
      { type: "text", text: "42" },
    ]);
  });

  test("says when it was cut by length", async () => {
    serverOf(model).enqueue({ text: "half", finish: "length" });
    expect((await eventsOf(gateway.stream(requestTo(model)))).at(-1)).toMatchObject({
      type: "finish",
      reason: "length",
    });
  });

  test("without counts has an estimated usage", async () => {
    serverOf(model).enqueue({ text: "12345678", usage: null });
    expect((await eventsOf(gateway.stream(requestTo(model)))).at(-1)).toMatchObject({
      usage: { promptTokens: 2, completionTokens: 2, estimated: true },
    });
  });

  test("gives tool calls whole, parsed, with ids, and finishes with tool_calls", async () => {
    serverOf(model).enqueue({
      text: "Looking.",
      toolCalls: [
        { name: weather.name, arguments: { place: "Kraków", days: [1, 2] } },
        { name: weather.name, arguments: {} },
      ],
      toolFragmentSize: 3,
    });
    const events = await eventsOf(gateway.stream(requestTo(model, { tools: [weather] })));
    const calls = callsOf(events);
    expect(calls.map(({ name, arguments: given }) => [name, given])).toEqual([
      [weather.name, { place: "Kraków", days: [1, 2] }],
      [weather.name, {}],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(calls.every(({ id }) => id !== "")).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "finish", reason: "tool_calls" });
  });

  test("that calls a tool which nobody declared becomes text", async () => {
    serverOf(model).enqueue({ toolCalls: [{ name: "rm", arguments: { path: "/" } }] });
    const events = await eventsOf(gateway.stream(requestTo(model, { tools: [weather] })));
    expect(callsOf(events)).toEqual([]);
    expect(textOf(events)).toBe('rm({"path":"/"})');
    expect(events.at(-1)).toMatchObject({ reason: "stop" });
  });

  test("calls nothing when tools were switched off, and at most one tool when parallel calls were", async () => {
    const twice = { toolCalls: [1, 2].map((place) => ({ name: weather.name, arguments: { place } })) };
    serverOf(model).enqueue(twice, twice);
    const off = await eventsOf(gateway.stream(requestTo(model, { tools: [weather], toolChoice: "none" })));
    expect(callsOf(off)).toEqual([]);
    const single = await eventsOf(gateway.stream(requestTo(model, { tools: [weather], parallelToolCalls: false })));
    expect(callsOf(single).map((call) => call.arguments)).toEqual([{ place: 1 }]);
  });
});

describe("what OpenAI's wire adds", () => {
  test("a stream without a role in its first chunk loses neither tool calls nor reasoning", async () => {
    server.enqueue({
      withoutRole: true,
      reasoning: "hm",
      toolCalls: [{ id: "c1", name: weather.name, arguments: {} }],
    });
    const events = await eventsOf(gateway.stream(requestTo("openai/m", { tools: [weather] })));
    expect(events.slice(1, 3)).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "toolCall", call: { id: "c1", name: weather.name, arguments: {} } },
    ]);
  });

  test("cached and reasoning tokens are passed on", async () => {
    server.enqueue({ text: "x", usage: { promptTokens: 9, completionTokens: 8, cachedTokens: 5, reasoningTokens: 3 } });
    expect((await eventsOf(gateway.stream(requestTo("openai/m")))).at(-1)).toMatchObject({
      usage: { promptTokens: 9, completionTokens: 8, cachedTokens: 5, reasoningTokens: 3, estimated: false },
    });
  });

  test("arguments that are no JSON become text", async () => {
    server.enqueue({ toolCalls: [{ name: weather.name, arguments: '{"place": Krak' }] });
    const events = await eventsOf(gateway.stream(requestTo("openai/m", { tools: [weather] })));
    expect(callsOf(events)).toEqual([]);
    expect(textOf(events)).toBe(`${weather.name}({"place": Krak)`);
  });

  test("an answer whose token counts never come is complete all the same", async () => {
    server.enqueue({ text: "done", usage: null, cut: { afterChunks: 3, how: "end" } });
    expect(textOf(await eventsOf(gateway.stream(requestTo("openai/m"))))).toBe("done");
  });
});

describe("what is sent", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is " },
        { type: "text", text: "this?" },
      ],
    },
    { role: "assistant", content: "None", toolCalls: [{ id: "c1", name: weather.name, arguments: { place: "Łódź" } }] },
    { role: "tool", content: "sunny", toolCallId: "c1" },
    {
      role: "user",
      content: [
        { type: "text", text: "And here?" },
        { type: "image", mediaType: "image/png", base64: "aGk=" },
      ],
    },
  ] as const;
  const everything = {
    messages,
    tools: [weather],
    toolChoice: { name: weather.name },
    parallelToolCalls: false,
    temperature: 9,
    topP: -1,
    maxTokens: 0,
    stop: ["END", ""],
    seed: 7,
    presencePenalty: 1,
    frequencyPenalty: -1,
    responseFormat: { type: "json_schema", name: "answer", schema: { type: "object", required: ["a"] }, strict: true },
    keepAlive: "5m",
    contextLength: 8_192,
    think: "low",
  } as const;

  test("OpenAI gets the conversation, the declarations unchanged and numbers inside their bounds", async () => {
    server.enqueue({ text: "{}" });
    await eventsOf(gateway.stream(requestTo("openai/m", everything)));
    const { body, headers, path } = server.requests[0]!;
    expect(path).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe("Bearer secret");
    expect(body).toMatchObject({
      model: "m",
      stream: true,
      stream_options: { include_usage: true },
      temperature: 2,
      top_p: 0,
      max_tokens: 1,
      stop: ["END"],
      seed: 7,
      presence_penalty: 1,
      frequency_penalty: -1,
      parallel_tool_calls: false,
      tool_choice: { type: "function", function: { name: weather.name } },
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: { type: "object", required: ["a"] }, strict: true },
      },
    });
    expect(body.tools).toEqual([
      { type: "function", function: { name: weather.name, description: "Weather", parameters: weather.parameters } },
    ]);
    expect(body.messages.map((message: { role: string }) => message.role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "user",
    ]);
    expect(body.messages[1].content).toBe("What is \nthis?");
    expect(body.messages[2].content ?? "").toBe("");
    expect(body.messages[2].tool_calls).toEqual([
      { id: "c1", type: "function", function: { name: weather.name, arguments: '{"place":"Łódź"}' } },
    ]);
    expect(body.messages[3]).toMatchObject({ tool_call_id: "c1", content: "sunny" });
    expect(body.messages[4].content).toEqual([
      { type: "text", text: "And here?" },
      { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
    ]);
  });

  test("Ollama gets the same in its own form", async () => {
    ollamaServer.enqueue({ text: "{}" });
    await eventsOf(gateway.stream(requestTo("ollama/m", everything)));
    const { body, path } = ollamaServer.requests[0]!;
    expect(path).toBe("/api/chat");
    expect(body).toMatchObject({
      model: "m",
      stream: true,
      keep_alive: "5m",
      think: "low",
      format: { type: "object", required: ["a"] },
      options: { temperature: 2, top_p: 0, num_predict: 1, num_ctx: 8_192, seed: 7, stop: ["END"] },
    });
    expect(body.tools[0].function.parameters).toEqual(weather.parameters);
    expect(body.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is \nthis?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ function: { name: weather.name, arguments: { place: "Łódź" } } }],
      },
      { role: "tool", content: "sunny", tool_name: weather.name },
      { role: "user", content: "And here?", images: ["aGk="] },
    ]);
  });

  test("what was not asked for is not sent", async () => {
    server.enqueue({ text: "x" });
    await eventsOf(gateway.stream(requestTo("openai/m", { toolChoice: "required" })));
    expect(Object.keys(server.requests[0]!.body).sort()).toEqual(["messages", "model", "stream", "stream_options"]);
    server.enqueue({ text: "{}" });
    await eventsOf(gateway.stream(requestTo("openai/m", { responseFormat: { type: "json_object" } })));
    expect(server.requests[1]!.body.response_format).toEqual({ type: "json_object" });
  });

  test("a conversation that is longer than the gateway takes is refused before anything is sent", async () => {
    const short = await gatewayOn(
      { OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/m" },
      { longestInput: 10 },
    );
    const request = requestTo("openai/m", { messages: [{ role: "user", content: "12345678901" }] });
    await expect(eventsOf(short.stream(request))).rejects.toMatchObject({
      code: "GUARDRAIL_VIOLATION",
      field: "messages",
    });
    expect(server.requests).toEqual([]);
    await short.close();
  });
});
