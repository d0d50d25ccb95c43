import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import { type Edge, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
beforeEach(() => edge.script.reset());

const user = (content: unknown) => ({ role: "user", content });
const ask = (body: object, headers: Record<string, string> = {}) =>
  post(`${edge.url}/v1/chat/completions`, { model: "athena", messages: [user("Hello")], ...body }, headers);
const answerOf = async (body: object = {}, headers: Record<string, string> = {}) => {
  const response = await ask(body, headers);
  expect(response.status).toBe(200);
  return jsonOf(response);
};
const evidence = {
  id: "e1",
  service: "weather",
  title: "Weather in Kraków",
  text: "12 °C",
  data: {},
  sourceName: "Open-Meteo",
  sourceUrl: "https://open-meteo.com/",
  observedAt: "2026-11-21T10:00:00Z",
  score: 1,
};
const weather = { type: "function", function: { name: "assist__GetWeather", parameters: { type: "object" } } };

describe("an answer that is not streamed", () => {
  test("has every key of the contract, with nulls where there is nothing", async () => {
    edge.script.enqueue({ text: ["Hello ", "there."] });
    const response = await ask({});
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const body = await jsonOf(response);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "athena",
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    });
    expect(body.choices).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: "Hello there.", refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ]);
    expect(response.headers.get("x-athena-thread")).toBe(body.athena.thread_id);
  });

  test("carries intents, evidence, what is missing, and its sources as citations", async () => {
    const degraded = [{ part: "news", reason: "The source did not answer." }];
    edge.script.enqueue({ text: "It is 12 °C.", result: { evidence: [evidence], degraded } });
    const { athena, choices } = await answerOf();
    expect(athena).toEqual({
      thread_id: expect.any(String),
      intents: [{ name: "chat", confidence: 0.9, tier: "pattern" }],
      evidence: [
        {
          id: "e1",
          service: "weather",
          source: "Open-Meteo",
          url: "https://open-meteo.com/",
          observed_at: "2026-11-21T10:00:00Z",
        },
      ],
      degraded,
      egress: "full",
      validation: { ok: true, violations: [] },
      timings: { total: 1.5 },
    });
    expect(choices[0].message.annotations).toEqual([
      {
        type: "url_citation",
        url_citation: { start_index: 0, end_index: 12, url: "https://open-meteo.com/", title: "Weather in Kraków" },
      },
    ]);
  });

  test("says tool calls with null content, string arguments and the reason tool_calls", async () => {
    edge.script.enqueue({
      toolCalls: [
        { id: "call_a", name: "assist__GetWeather", arguments: { place: "Łódź" } },
        { id: "call_b", name: "assist__GetWeather", arguments: {} },
      ],
    });
    const { choices } = await answerOf({ tools: [weather] });
    expect(choices[0].finish_reason).toBe("tool_calls");
    expect(choices[0].message).toEqual({
      role: "assistant",
      content: null,
      refusal: null,
      tool_calls: [
        { id: "call_a", type: "function", function: { name: "assist__GetWeather", arguments: '{"place":"Łódź"}' } },
        { id: "call_b", type: "function", function: { name: "assist__GetWeather", arguments: "{}" } },
      ],
    });
  });

  test("puts reasoning beside the content", async () => {
    edge.script.enqueue({ reasoning: "Let me think.", text: "Done." });
    const { choices } = await answerOf();
    expect(choices[0].message).toMatchObject({ content: "Done.", reasoning_content: "Let me think." });
  });

  test("is an ordinary message when nothing may leave and nothing local could answer", async () => {
    edge.script.enqueue({ text: "I may not send this anywhere.", result: { refused: true, egress: "blocked" } });
    const { choices, athena } = await answerOf({ model: "athena-private" });
    expect(choices[0].message.content).toBe("I may not send this anywhere.");
    expect(athena.egress).toBe("blocked");
  });

  test("keeps cached and reasoning tokens", async () => {
    const usage = { promptTokens: 5, completionTokens: 7, cachedTokens: 2, reasoningTokens: 3 };
    edge.script.enqueue({ text: "Yes.", usage });
    expect((await answerOf()).usage).toEqual({
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  test.each([
    ["a string", "STOP"],
    ["a list", ["nothing", "STOP"]],
  ])("ends before a stop sequence given as %s, also when it lies across two pieces", async (_, stop) => {
    edge.script.enqueue({ text: ["One two ST", "OP three"] });
    const { choices } = await answerOf({ stop });
    expect(choices[0]).toMatchObject({ message: { content: "One two " }, finish_reason: "stop" });
    expect(edge.script.queries[0]?.sampling?.stop).toEqual([stop].flat());
  });
});

describe("a request", () => {
  const lastQuery = async (body: object, headers: Record<string, string> = {}) => {
    edge.script.enqueue({ text: "Fine." });
    await answerOf(body, headers);
    return edge.script.queries.at(-1)!;
  };

  test("reaches the engine with sampling, format and notes; null equals absent; unknown fields are ignored", async () => {
    const schema = { type: "object", properties: { a: { type: "number" } } };
    const query = await lastQuery({
      temperature: 0.2,
      top_p: null,
      max_tokens: 7,
      max_completion_tokens: 9,
      seed: 4,
      stop: null,
      logit_bias: null,
      provider: { order: [] },
      chat_template_kwargs: {},
      reasoning_effort: "low",
      user: "anna",
      metadata: { locale: "pl", timezone: "Europe/Warsaw", scope: "team", ticket: "77" },
      response_format: { type: "json_schema", json_schema: { name: "a", schema, strict: true } },
    });
    expect(query).toMatchObject({
      surface: "openai",
      mode: "open",
      consent: false,
      locale: "pl",
      timezone: "Europe/Warsaw",
      scope: "team",
      sampling: { temperature: 0.2, maxTokens: 9, seed: 4 },
      responseFormat: { type: "json_schema", name: "a", schema, strict: true },
      meta: { user: "anna", metadata: { ticket: "77" } },
    });
    expect(Object.keys(query.sampling ?? {}).sort()).toEqual(["maxTokens", "seed", "temperature"]);
  });

  test("settles thread, mode and consent by headers before metadata", async () => {
    edge.script.enqueue({ text: "First." });
    const { athena } = await answerOf();
    const query = await lastQuery(
      { metadata: { thread_id: "other", mode: "open", consent: "false" } },
      { "X-Athena-Thread": athena.thread_id, "X-Athena-Mode": "confidential", "X-Athena-Consent": "true" },
    );
    expect(query).toMatchObject({ threadId: athena.thread_id, mode: "confidential", consent: true });
  });

  test("is confidential by the model's name, whatever else it says", async () => {
    const query = await lastQuery({ model: "Athena-Private:latest", metadata: { mode: "open" } });
    expect(query.mode).toBe("confidential");
  });

  test("may use every role and content form that clients send", async () => {
    const { messages } = await lastQuery({
      messages: [
        { role: "developer", content: "Be brief." },
        user([
          { type: "text", text: "One", cache_control: {} },
          { type: "text", text: "two" },
        ]),
        {
          role: "assistant",
          content: "None",
          reasoning_content: "x",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }],
        },
        { role: "tool", tool_call_id: "a", content: { temperature: 4 }, name: "f" },
        { role: "tool", tool_call_id: "injected_content", content: [{ type: "text", text: "extra" }] },
        { role: "assistant", function_call: { name: "g", arguments: "" } },
        { role: "function", name: "g", content: "done" },
        { role: "assistant" },
        user("Hi"),
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "One\ntwo" },
      { role: "assistant", content: "", toolCalls: [{ id: "a", name: "f", arguments: { x: 1 } }] },
      { role: "tool", content: '{"temperature":4}', toolCallId: "a", toolName: "f" },
      { role: "tool", content: "extra", toolCallId: "injected_content" },
      {
        role: "assistant",
        content: "",
        toolCalls: [{ id: expect.stringMatching(/^call_/), name: "g", arguments: {} }],
      },
      { role: "tool", content: "done", toolCallId: expect.stringMatching(/^call_/), toolName: "g" },
      { role: "assistant", content: "" },
      { role: "user", content: "Hi" },
    ]);
    const [, , , , , called, result] = messages as unknown as { toolCalls: { id: string }[]; toolCallId: string }[];
    expect(result?.toolCallId).toBe(called?.toolCalls[0]?.id);
  });

  test.each([
    ["a data URL", { url: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==" }],
    ["bare base64 as a plain string", "iVBORw0KGgoAAAANSUhEUg=="],
  ])("may hold an image as %s", async (_, image_url) => {
    const { messages } = await lastQuery({ messages: [user([{ type: "image_url", image_url }])] });
    expect(messages[0]?.content).toEqual([
      { type: "image", mediaType: "image/png", base64: "iVBORw0KGgoAAAANSUhEUg==" },
    ]);
  });

  test.each([
    ["a remote image", { type: "image_url", image_url: { url: "http://169.254.169.254/x.png" } }, "image_url"],
    ["sound", { type: "input_audio", input_audio: {} }, undefined],
    ["a file", { type: "file", file: {} }, undefined],
  ])("with %s is refused, naming the part, and fetches nothing", async (_, part, key) => {
    const response = await ask({ messages: [user([{ type: "text", text: "See" }, part])] });
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error.param).toBe(["messages.0.content.1", key].filter(Boolean).join("."));
  });

  test.each([
    ["auto", "auto"],
    ["required", "required"],
    [{ type: "function", function: { name: "assist__GetWeather" } }, { name: "assist__GetWeather" }],
    [{ type: "allowed_tools", allowed_tools: { mode: "required", tools: [weather] } }, "required"],
  ])("passes its tools and the choice %j on unchanged", async (tool_choice, expected) => {
    const query = await lastQuery({ tools: [weather], tool_choice, parallel_tool_calls: false });
    expect(query.clientTools).toEqual([{ name: "assist__GetWeather", parameters: { type: "object" } }]);
    expect(query).toMatchObject({ toolChoice: expected, parallelToolCalls: false });
  });

  test("with an empty list of tools is one without, and its choice is ignored", async () => {
    const query = await lastQuery({ tools: [], tool_choice: "required" });
    expect(query).not.toHaveProperty("clientTools");
    expect(query).not.toHaveProperty("toolChoice");
  });

  test("in the words of functions is answered in the same words", async () => {
    edge.script.enqueue({ toolCalls: [{ name: "turn_on", arguments: { area: "hall" } }] });
    const { choices } = await answerOf({ functions: [{ name: "turn_on" }], function_call: "auto" });
    expect(choices[0].finish_reason).toBe("function_call");
    expect(choices[0].message).toMatchObject({ function_call: { name: "turn_on", arguments: '{"area":"hall"}' } });
    expect(choices[0].message).not.toHaveProperty("tool_calls");
  });

  test("that wants no parallel calls gets one", async () => {
    const call = (id: string) => ({ id, name: "assist__GetWeather", arguments: {} });
    edge.script.enqueue({ toolCalls: [call("a"), call("b")] });
    const { choices } = await answerOf({ tools: [weather], parallel_tool_calls: false });
    expect(choices[0].message.tool_calls).toHaveLength(1);
  });

  test.each([
    ["a tool it never declared", {}],
    ["any tool though it chose none", { tools: [weather], tool_choice: "none" }],
  ])("never gets a call of %s: the model's mistake is an error that clients do not repeat", async (_, body) => {
    edge.script.enqueue({ toolCalls: [{ name: "assist__GetWeather", arguments: {} }] });
    const response = await ask(body);
    expect(response.status).toBe(502);
    expect(response.headers.get("x-should-retry")).toBe("false");
  });
});

test("headers of other services and the Accept header change nothing; they are no identity", async () => {
  edge.script.enqueue({ text: "Fine." });
  const response = await ask(
    { logprobs: true, top_logprobs: 2 },
    {
      accept: "text/html",
      "openai-organization": "org",
      "openai-project": "p",
      "openai-beta": "assistants=v2",
      "x-stainless-os": "Linux",
      "x-openwebui-user-id": "root",
      "x-openwebui-user-role": "admin",
      "http-referer": "https://x.example",
      "x-title": "T",
    },
  );
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect((await jsonOf(response)).choices[0].logprobs).toBeNull();
  expect(edge.script.queries[0]?.principal).toMatchObject({ id: "local" });
});

test("a conversation that is too long is 400 with the code that clients look for", async () => {
  edge.script.enqueue({ error: new AppError("CONTEXT_TOO_LONG", "Too long.") });
  const response = await ask({});
  expect(response.status).toBe(400);
  expect((await jsonOf(response)).error).toMatchObject({ code: "context_length_exceeded" });
});

test("the same prompt through Ollama's surface gives the same text, calls and token counts", async () => {
  const reply = {
    text: "Looking.",
    toolCalls: [{ id: "a", name: "assist__GetWeather", arguments: { place: "Łódź" } }],
  };
  edge.script.enqueue(reply, reply);
  const open = await answerOf({ tools: [weather] });
  const body = { model: "athena", messages: [user("Hello")], tools: [weather], stream: false };
  const ollama = await jsonOf(await post(`${edge.url}/api/chat`, body));
  const [choice] = open.choices;
  expect(ollama.message.content).toBe(choice.message.content);
  expect(ollama.message.tool_calls.map((call: { function: object }) => call.function)).toEqual([
    { index: 0, name: "assist__GetWeather", arguments: JSON.parse(choice.message.tool_calls[0].function.arguments) },
  ]);
  expect([ollama.prompt_eval_count, ollama.eval_count]).toEqual([
    open.usage.prompt_tokens,
    open.usage.completion_tokens,
  ]);
  const [first, second] = edge.script.queries;
  expect({ ...second, surface: "openai", requestId: "", signal: "" }).toEqual({ ...first, requestId: "", signal: "" });
});

describe("a provider's own model", () => {
  test("is called past the graph, with the permit of the mode", async () => {
    edge.script.enqueue({ text: "Raw." });
    const body = await answerOf(
      { model: "OpenAI/stand-in", temperature: 1, presence_penalty: 0.5 },
      { "x-athena-mode": "confidential" },
    );
    expect(body).not.toHaveProperty("athena");
    expect(body.choices[0].message.content).toBe("Raw.");
    expect(edge.script.queries).toEqual([]);
    expect(edge.script.chats[0]).toMatchObject({ model: "openai/stand-in", temperature: 1, presencePenalty: 0.5 });
    expect(edge.script.chats[0]?.permit.class).toBe("local-only");
  });

  test("that is not listed is left to the provider to judge", async () => {
    edge.script.enqueue({ kind: "failure", status: 404, message: "no such model" });
    const response = await ask({ model: "ollama/new" });
    expect(response.status).toBe(404);
    expect((await jsonOf(response)).error.code).toBe("model_not_found");
  });
});
