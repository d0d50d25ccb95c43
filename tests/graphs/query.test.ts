import { describe, expect, test } from "vitest";
import type { QueryEvent } from "../../graphs/query-engine.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatEvent, ChatRequest } from "../../platform/models/model-gateway.ts";
import { createMemoryTimeline } from "../support/memory-timeline.ts";
import { createStubEngine, queryOf, speaks, stubService } from "../support/stub-engine.ts";

const weather = stubService("weather", () => "It will be 21 °C in Kraków.");
const airports = stubService("airports", () => "Gdańsk airport lies at 489 ft.");
const down = stubService("weather", () => {
  throw new AppError("UPSTREAM_UNAVAILABLE", "The weather source cannot be reached.");
});
const calculated = () => ({
  status: "ok" as const,
  output: { value: 397.8 },
  text: "17% of 2,340 is 397.8.",
  replayed: false,
  ms: 1,
});
const textOf = (events: readonly QueryEvent[]) =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");

describe("a query without a model", () => {
  test("answers each part from its evidence and says what could not be reached", async () => {
    const { engine, threads } = createStubEngine({
      services: [down, airports],
      tool: calculated,
      parts: [{ name: "weather" }, { name: "airports" }, { name: "calculate" }],
    });
    const result = await engine.run(queryOf("all three"));
    expect(result.answer).toBe(
      "The weather source cannot be reached.\nGdańsk airport lies at 489 ft.\n17% of 2,340 is 397.8.",
    );
    expect(result.degraded).toEqual([{ part: "weather", reason: "The weather source cannot be reached." }]);
    expect(result.intents.map(({ name }) => name)).toEqual(["weather", "airports", "calculate"]);
    expect(result.evidence.map(({ id, service }) => [id, service])).toEqual([
      ["e1", "airports"],
      ["e2", "calculate"],
    ]);
    expect(threads.get(result.threadId)?.messages.map(({ role, position }) => [role, position])).toEqual([
      ["user", 1],
      ["assistant", 2],
    ]);
  });

  test("runs independent steps side by side", async () => {
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const waiting = (id: string) =>
      stubService(id, async () => {
        begun += 1;
        if (begun === 2) both.resolve();
        await both.promise;
        return `${id} done.`;
      });
    const { engine } = createStubEngine({
      services: [waiting("weather"), waiting("airports")],
      parts: [{ name: "weather" }, { name: "airports" }],
    });
    const { evidence } = await engine.run(queryOf("both"));
    expect(evidence.map(({ service }) => service)).toEqual(["weather", "airports"]);
  });

  test("hands a slot of an earlier part's evidence on to a later part", async () => {
    const seen: unknown[] = [];
    const first = stubService("airports", () => "Oslo");
    const second = stubService("weather", (slots) => {
      seen.push(slots);
      return "Rain.";
    });
    const { engine } = createStubEngine({
      services: [first, second],
      parts: [{ name: "airports" }, { name: "weather", dependsOn: 0, handOn: { from: "text", to: "place" } }],
    });
    await engine.run(queryOf("chained"));
    expect(seen).toEqual([{ place: "Oslo" }]);
  });

  test("gives up on a step that takes too long and answers the rest", async () => {
    const hangs = stubService("weather", () => new Promise<string>(() => undefined));
    const { engine } = createStubEngine({
      services: [hangs, airports],
      parts: [{ name: "weather" }, { name: "airports" }],
    });
    const result = await engine.run(queryOf("both"));
    expect(result.answer).toContain("489 ft");
    expect(result.degraded.map(({ part }) => part)).toEqual(["weather"]);
  });

  test("says that small talk needs a model", async () => {
    const { engine } = createStubEngine();
    expect((await engine.run(queryOf("why is the sky blue?"))).answer).toContain("language model");
  });

  test("acknowledges the user's message before anything is answered", async () => {
    const events: QueryEvent[] = [];
    const { engine } = createStubEngine({ services: [weather], parts: [{ name: "weather" }] });
    const result = await engine.run(queryOf("weather"), (event) => void events.push(event));
    expect(events[0]).toEqual({
      type: "accepted",
      threadId: result.threadId,
      messageId: result.messageId,
      position: 1,
    });
    expect(textOf(events)).toBe(result.answer);
  });
});

describe("a query with a model", () => {
  test("shows the model numbered evidence outside the system role", async () => {
    const requests: ChatRequest[] = [];
    const { engine } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      model: async function* (request) {
        requests.push(request);
        yield* speaks("It will be 21 °C [1].")();
      },
    });
    const result = await engine.run(
      queryOf("weather", {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "weather?" },
        ],
      }),
    );
    expect(result.answer).toBe("It will be 21 °C [1].");
    const [system, evidence, user] = requests[0]?.messages ?? [];
    expect(system).toMatchObject({ role: "system", content: expect.stringContaining("Be brief.") });
    expect(system?.content).not.toContain("Kraków");
    expect(evidence).toMatchObject({ role: "user", content: expect.stringContaining("[1] weather") });
    expect(user).toEqual({ role: "user", content: "weather?" });
  });

  test("adds what could not be reached after the model's words", async () => {
    const { engine } = createStubEngine({
      services: [down],
      parts: [{ name: "weather" }],
      model: speaks("I have no data."),
    });
    expect((await engine.run(queryOf("weather"))).answer).toBe(
      "I have no data.\n\nThe weather source cannot be reached.",
    );
  });

  test("retries once when the first sentence says a figure that is not in the evidence", async () => {
    const requests: ChatRequest[] = [];
    const { engine } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      model: async function* (request) {
        requests.push(request);
        yield* (requests.length === 1 ? speaks("It will be 35 °C. Enjoy.") : speaks("It will be 21 °C."))();
      },
    });
    const events: QueryEvent[] = [];
    const result = await engine.run(queryOf("weather"), (event) => void events.push(event));
    expect(textOf(events)).toBe("It will be 21 °C.");
    expect(requests[1]?.messages[0]?.content).toContain("35");
    expect(result.validation.ok).toBe(false);
  });

  test("renders from evidence when the retry lies too", async () => {
    const { engine } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      model: speaks("It will be 35 °C."),
    });
    const result = await engine.run(queryOf("weather"));
    expect(result.answer).toBe("It will be 21 °C in Kraków.");
    expect(result.model).toBeUndefined();
  });

  test("drops a later false sentence, stops the model and renders what is still unanswered", async () => {
    let finished = false;
    const { engine } = createStubEngine({
      services: [weather, airports],
      parts: [{ name: "weather" }, { name: "airports" }],
      model: async function* () {
        yield* speaks("It will be 21 °C in Kraków. ", "The airport lies at 900 ft. ", "More to come. ")();
        finished = true;
      },
    });
    const events: QueryEvent[] = [];
    const result = await engine.run(queryOf("both"), (event) => void events.push(event));
    expect(textOf(events)).toContain("21 °C in Kraków.");
    expect(textOf(events)).not.toContain("900");
    expect(textOf(events)).toContain("Gdańsk airport lies at 489 ft.");
    expect(result.answer).toBe(textOf(events));
    expect(finished).toBe(false);
  });

  test("answers from evidence when the model is down, and says so", async () => {
    const { engine } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      // biome-ignore lint/correctness/useYield: it fails before its first event
      model: async function* () {
        throw new AppError("PROVIDER_SERVER_ERROR", "The model server failed.");
      },
    });
    const result = await engine.run(queryOf("weather"));
    expect(result.answer).toBe("It will be 21 °C in Kraków.");
    expect(result.degraded).toEqual([{ part: "model", reason: "The language model did not answer." }]);
  });

  test("a model that breaks off after something was shown is an error, and what was shown is kept", async () => {
    const { engine, threads } = createStubEngine({
      model: async function* () {
        yield { type: "start", model: "openai/stub" } satisfies ChatEvent;
        yield { type: "text", text: "First sentence. Second " } satisfies ChatEvent;
        throw new AppError("PROVIDER_SERVER_ERROR", "The model server broke off.");
      },
    });
    const events: QueryEvent[] = [];
    await expect(engine.run(queryOf("talk"), (event) => void events.push(event))).rejects.toMatchObject({
      code: "PROVIDER_SERVER_ERROR",
    });
    const messages = [...threads.values()][0]?.messages ?? [];
    expect(messages.at(-1)).toMatchObject({ role: "assistant", content: textOf(events), meta: { incomplete: true } });
  });

  test("pure computation is rendered, not written by the model", async () => {
    const { engine } = createStubEngine({
      parts: [{ name: "calculate" }],
      tool: calculated,
      model: speaks("About 400."),
    });
    expect((await engine.run(queryOf("17% of 2340"))).answer).toBe("17% of 2,340 is 397.8.");
  });

  test("gives JSON of the shape that was asked for, or an error", async () => {
    const format = {
      type: "json_schema" as const,
      name: "x",
      schema: { type: "object", required: ["n"], properties: { n: { type: "number" } } },
    };
    const good = createStubEngine({ model: speaks('```json\n{"n"', ": 1}\n```") });
    expect((await good.engine.run(queryOf("json", { responseFormat: format }))).answer).toBe('{"n": 1}');
    const bad = createStubEngine({ model: speaks("Sure, here it is.") });
    await expect(bad.engine.run(queryOf("json", { responseFormat: format }))).rejects.toMatchObject({
      code: "GUARDRAIL_VIOLATION",
    });
    const lying = createStubEngine({ services: [weather], parts: [{ name: "weather" }], model: speaks('{"n": 35}') });
    await expect(lying.engine.run(queryOf("json", { responseFormat: format }))).rejects.toMatchObject({
      code: "GUARDRAIL_VIOLATION",
    });
    const none = createStubEngine({ services: [weather], parts: [{ name: "weather" }] });
    await expect(none.engine.run(queryOf("json", { responseFormat: format }))).rejects.toMatchObject({
      code: "NOT_CONFIGURED",
    });
  });

  test("counts the tokens of every attempt, also of one that was stopped", async () => {
    let attempts = 0;
    const { engine } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      model: async function* () {
        attempts += 1;
        yield* (attempts === 1 ? speaks("It will be 35 °C. ", "Enjoy.") : speaks("It will be 21 °C."))();
      },
    });
    const { usage } = await engine.run(queryOf("weather"));
    expect(usage.estimated).toBe(true);
    expect(usage.promptTokens).toBeGreaterThan(10);
    expect(usage.completionTokens).toBeGreaterThan(1);
  });

  test("nobody waiting stops the model", async () => {
    let seen: AbortSignal | undefined;
    const client = new AbortController();
    const { engine } = createStubEngine({
      model: async function* (request) {
        seen = request.signal;
        yield { type: "start", model: "openai/stub" } satisfies ChatEvent;
        await new Promise((_, reject) =>
          request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true }),
        );
      },
    });
    const running = engine.run(queryOf("talk", { signal: client.signal }));
    setTimeout(() => client.abort(), 20);
    await expect(running).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    expect(seen?.aborted).toBe(true);
  });

  test("a client that leaves while the answer is being committed finds it once, and whole", async () => {
    const memory = createMemoryTimeline();
    const client = new AbortController();
    const { engine } = createStubEngine({
      timeline: {
        ...memory.timeline,
        async close(request) {
          client.abort();
          await new Promise((resolve) => setTimeout(resolve, 30));
          return memory.timeline.close(request);
        },
      },
      model: speaks("A whole sentence."),
    });
    await expect(engine.run(queryOf("talk", { signal: client.signal }), () => undefined)).rejects.toMatchObject({
      code: "CLIENT_CLOSED",
    });
    const messages = [...memory.threads.values()][0]?.messages ?? [];
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ["user", "talk"],
      ["assistant", "A whole sentence."],
    ]);
    expect(memory.logs).toHaveLength(1);
  });

  test("ends at its deadline", async () => {
    const { engine } = createStubEngine({
      deadlineMs: 60,
      model: async function* () {
        yield { type: "start", model: "openai/stub" } satisfies ChatEvent;
        await new Promise(() => undefined);
      },
    });
    await expect(engine.run(queryOf("talk"))).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });
});

describe("the client's own tools", () => {
  const tools = [{ name: "lookup", parameters: {} }];
  const call = { id: "call_1", name: "lookup", arguments: { q: "x" } };

  test("come back as calls, and their results continue the same turn with the work already done", async () => {
    const requests: ChatRequest[] = [];
    const { engine, understood, threads } = createStubEngine({
      services: [weather],
      parts: [{ name: "weather" }],
      model: async function* (request) {
        requests.push(request);
        yield { type: "start", model: "openai/stub" } satisfies ChatEvent;
        if (requests.length === 1) {
          yield { type: "toolCall", call } satisfies ChatEvent;
          yield {
            type: "finish",
            reason: "tool_calls",
            usage: { promptTokens: 1, completionTokens: 1, estimated: false },
          } satisfies ChatEvent;
        } else yield* speaks("It will be 21 °C, and the tool says 7777.")();
      },
    });
    const first = await engine.run(queryOf("weather and lookup", { clientTools: tools }));
    expect(first).toMatchObject({ toolCalls: [call], finishReason: "tool_calls" });
    const second = await engine.run(
      queryOf("", {
        clientTools: tools,
        messages: [
          { role: "user", content: "weather and lookup" },
          { role: "assistant", content: "", toolCalls: [{ ...call, id: "other_id" }] },
          { role: "tool", content: "7777", toolCallId: "other_id" },
        ],
      }),
    );
    expect(second.threadId).toBe(first.threadId);
    expect(second.answer).toBe("It will be 21 °C, and the tool says 7777.");
    expect(second.evidence.map(({ service }) => service)).toEqual(["weather"]);
    expect(understood).toHaveLength(1);
    expect(threads.get(first.threadId)?.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "tool",
      "assistant",
    ]);
  });
});

describe("a confidential query that may not leave", () => {
  test("never reaches the model; what is local answers", async () => {
    const { engine, logs } = createStubEngine({
      services: [airports],
      parts: [{ name: "airports" }],
      model: () => {
        throw new Error("the model was called");
      },
    });
    const result = await engine.run(queryOf("secret", { mode: "confidential" }));
    expect(result).toMatchObject({ answer: "Gdańsk airport lies at 489 ft.", egress: "blocked", refused: false });
    expect(logs[0]).toMatchObject({ mode: "confidential", egress: "blocked" });
  });

  test("is refused in words when nothing local can answer", async () => {
    const { engine } = createStubEngine({ model: speaks("never") });
    const result = await engine.run(queryOf("secret", { mode: "confidential" }));
    expect(result.refused).toBe(true);
    expect(result.answer).toContain("confidential");
  });
});
