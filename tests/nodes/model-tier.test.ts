import { describe, expect, test } from "vitest";
import { createModelTier } from "../../nodes/model-tier.ts";
import type { IntentRow } from "../../platform/config/registry.ts";
import type { ChatEvent, ChatRequest } from "../../platform/models/model-gateway.ts";
import { permitOf } from "../support/permit.ts";
import { sayKey } from "../support/step-of.ts";
import { speaks } from "../support/stub-engine.ts";

const weather: IntentRow = {
  id: "weather",
  description: "What the weather is",
  kind: "service",
  target: "weather",
  threshold: 0.5,
  slots: [],
  compose: "model",
  enabled: true,
};
const open = permitOf("full", false);
const never = new AbortController().signal;

const tierWith = (stream: (request: ChatRequest) => AsyncIterable<ChatEvent>, timeoutMs = 1_000) =>
  createModelTier({
    models: { configured: true, answerModel: "openai/stub", stream },
    intents: () => [weather],
    say: sayKey,
    timeoutMs,
  });
const ask = (stream: (request: ChatRequest) => AsyncIterable<ChatEvent>, timeoutMs?: number) =>
  tierWith(stream, timeoutMs)(open, never)?.("is it cold", [weather]);

describe("what the model says", () => {
  test("is taken as intent, confidence and slots, in whatever pieces it comes", async () => {
    const reply = speaks('{"intent":"wea', 'ther","confidence":0.8,"slots":{"pla', 'ce":"Oslo"}}');
    expect(await ask(reply)).toEqual({ intent: "weather", confidence: 0.8, slots: { place: "Oslo" } });
  });

  test("may stand in a code fence", async () => {
    expect(await ask(speaks('```json\n{"intent":"weather","confidence":1}\n```'))).toEqual({
      intent: "weather",
      confidence: 1,
    });
  });

  test.each([
    ["no JSON", "It is about the weather."],
    ["an intent that does not exist", '{"intent":"launch_rocket","confidence":1}'],
    ["a confidence out of range", '{"intent":"weather","confidence":7}'],
    ["nothing", ""],
  ])("is of no use when it is %s", async (_what, reply) => {
    expect(await ask(speaks(reply))).toBeUndefined();
  });
});

describe("a model that does not say it", () => {
  test("by failing, leaves the query unclassified, not failed", async () => {
    const failing = async function* (): AsyncGenerator<ChatEvent> {
      yield { type: "start", model: "openai/stub" };
      throw new Error("overloaded");
    };
    expect(await ask(failing)).toBeUndefined();
  });

  test("in time, is given up", async () => {
    const slow = async function* ({ signal }: ChatRequest): AsyncGenerator<ChatEvent> {
      yield { type: "start", model: "openai/stub" };
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("stopped"))));
    };
    expect(await ask(slow, 20)).toBeUndefined();
  });

  test("because nobody waits any more, ends with the query", async () => {
    const own = new AbortController();
    const leaving = async function* ({ signal }: ChatRequest): AsyncGenerator<ChatEvent> {
      yield { type: "start", model: "openai/stub" };
      own.abort(new Error("nobody waits"));
      signal?.throwIfAborted();
    };
    const asked = tierWith(leaving)(open, own.signal)?.("is it cold", [weather]);
    await expect(asked).rejects.toThrow("nobody waits");
  });
});

describe("the question to the model", () => {
  test("names the intents it may choose from and asks for structured output, the user's words apart from the rules", async () => {
    const requests: ChatRequest[] = [];
    await ask((request) => {
      requests.push(request);
      return speaks("{}")();
    });
    expect(requests).toHaveLength(1);
    const [system, user, ...more] = requests[0]?.messages ?? [];
    expect(more).toEqual([]);
    expect(system).toMatchObject({ role: "system", content: expect.stringContaining("weather: What the weather is") });
    expect(system?.content).not.toContain("is it cold");
    expect(user).toEqual({ role: "user", content: "is it cold" });
    expect(requests[0]?.responseFormat).toMatchObject({ type: "json_schema" });
    expect(requests[0]?.permit).toBe(open);
  });

  test.each(["blocked", "generalised"] as const)("is not put in class %s", (name) => {
    expect(tierWith(speaks("{}"))(permitOf(name), never)).toBeUndefined();
  });

  test("is not put before the class is known, or without a model", () => {
    expect(tierWith(speaks("{}"))(undefined, never)).toBeUndefined();
    const without = createModelTier({
      models: { configured: false, answerModel: undefined, stream: speaks("{}") },
      intents: () => [weather],
      say: sayKey,
      timeoutMs: 100,
    });
    expect(without(open, never)).toBeUndefined();
  });
});
