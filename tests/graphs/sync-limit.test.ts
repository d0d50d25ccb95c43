import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { QueryEvent } from "../../graphs/query-engine.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatEvent, ChatRequest } from "../../platform/models/model-gateway.ts";
import { createNotedJobs } from "../support/noted-jobs.ts";
import { createStubEngine, queryOf, type StubEngineOptions, speaks, stubService } from "../support/stub-engine.ts";

const weather = stubService("weather", () => "It will be 21 °C in Kraków.");

/** Says `first` at once, the rest after `ms`, unless it is stopped. */
const slow = (ms: number, first: string, rest: string, thoughts = "") => {
  const seen = { aborted: false };
  async function* model({ signal }: ChatRequest): AsyncGenerator<ChatEvent> {
    yield { type: "start", model: "openai/stub" };
    if (thoughts !== "") yield { type: "reasoning", text: thoughts };
    if (first !== "") yield { type: "text", text: first };
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      seen.aborted = true;
      throw error;
    }
    yield { type: "text", text: rest };
    yield { type: "finish", reason: "stop", usage: { promptTokens: 1, completionTokens: 1, estimated: false } };
  }
  return { model, seen };
};

const setUp = (options: StubEngineOptions, refusal?: AppError) => {
  const { delegate, begun } = createNotedJobs(refusal);
  return { ...createStubEngine({ jobs: delegate, syncLimitMs: 60, ...options }), begun };
};
const shown = (events: readonly QueryEvent[]) =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");

const picture = { type: "image", mediaType: "image/png", base64: "aGk=" } as const;
const question = { role: "user", content: "And the weather?" } as const;
const instructions = (content: string) => ({ role: "system", content }) as const;

describe("an answer that reaches the limit", () => {
  test.each([true, false])("goes on as a job while nothing of it is out, streamed: %s", async (streams) => {
    const { model, seen } = slow(4_000, "", "Too late.");
    const { engine, begun, threads } = setUp({ model, services: [weather], parts: [{ name: "weather" }] });
    const events: QueryEvent[] = [];
    const messages = [
      { role: "user" as const, content: "I live in Kraków." },
      { role: "assistant" as const, content: "Noted." },
      { role: "user" as const, content: "What will the weather be?" },
    ];
    const result = await engine.run(
      queryOf("", { messages }),
      streams ? (event) => void events.push(event) : undefined,
    );
    expect(seen.aborted).toBe(true);
    const [job] = begun();
    expect(job).toMatchObject({ crew: "answer", threadId: result.threadId });
    expect(job!.input).toEqual({
      question: "What will the weather be?",
      conversation: "user: I live in Kraków.\nassistant: Noted.",
      found: expect.stringContaining("It will be 21 °C in Kraków."),
      language: "en",
    });
    expect(result.answer).toBe(
      `This takes longer, so I go on with it as job ${job!.id}, its progress: /v1/jobs/${job!.id}. Ask me in a while, “how is my answer?”, and you get it.`,
    );
    if (streams) expect(shown(events)).toBe(result.answer);
    expect(threads.get(result.threadId)?.messages.at(-1)?.content).toBe(result.answer);
    expect(result.degraded).toEqual([]);
  });

  test.each([
    ["its client brings tools", { clientTools: [{ name: "turn_on", parameters: { type: "object" } }] }, true],
    [
      "a picture was shown",
      { messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }, picture] }] },
      true,
    ],
    ["its client's instructions are a book", { messages: [instructions("x".repeat(10_001)), question] }, true],
    ["JSON was asked for", { responseFormat: { type: "json_object" as const } }, false],
  ] as const)("goes on here where %s", async (_name, more, streams) => {
    const text = streams ? "Second." : '{"a": 1}';
    const { engine, begun } = setUp({ model: slow(150, "", text).model });
    const { answer } = await engine.run(queryOf("Tell me", more), streams ? () => undefined : undefined);
    expect(answer).toContain(text);
    expect(begun()).toEqual([]);
  });

  test("goes on here once it comes: some of it is out, thoughts are shown, or it is written to be sent whole", async () => {
    // Long enough for a busy machine to come to the model before the limit.
    const [wait, syncLimitMs] = [1_200, 1_000];
    const comes = [
      { model: slow(wait, "First. ", "Second.").model, streams: true, answer: "First. Second." },
      { model: slow(wait, "", "In the end.", "Let me think.").model, streams: true, answer: "In the end." },
      { model: slow(wait, "In ", "the end.").model, streams: false, answer: "In the end." },
    ];
    const asked = comes.map(async ({ model, streams, answer }) => {
      const { engine, begun } = setUp({ model, syncLimitMs });
      const result = await engine.run(queryOf("Tell me"), streams ? () => undefined : undefined);
      expect(result.answer).toBe(answer);
      expect(begun()).toEqual([]);
    });
    await Promise.all(asked);
  });

  test("takes its client's instructions with it", async () => {
    const { engine, begun } = setUp({ model: slow(4_000, "", "Too late.").model });
    await engine.run(queryOf("", { messages: [instructions("Speak like a pirate."), question] }));
    expect(begun()).toMatchObject([{ input: { question: question.content, instructions: "Speak like a pirate." } }]);
  });

  test("is the same job when its request comes again, whatever is found by then, and no model is asked", async () => {
    const { delegate, begun } = createNotedJobs();
    const ask = (temperature: number, model: StubEngineOptions["model"]) => {
      const found = stubService("weather", () => `It will be ${temperature} °C in Kraków.`);
      const options = { jobs: delegate, syncLimitMs: 60, services: [found], parts: [{ name: "weather" }] };
      const { engine } = createStubEngine({ ...options, ...(model ? { model } : {}) });
      return engine.run(queryOf("And the weather?", { surface: "ai-query", requestKey: "r-1" }));
    };
    await ask(21, slow(4_000, "", "Too late.").model);
    const again = await ask(22, () => expect.unreachable("no model is asked"));
    expect(begun()).toMatchObject([{ idempotencyKey: "chat request r-1 handover" }]);
    expect(again.answer).toContain(begun()[0]!.id);
  });

  test("appears in the conversation where its client follows that", async () => {
    const { engine } = setUp({ model: slow(4_000, "", "Too late.").model });
    const { answer } = await engine.run(queryOf("Tell me", { surface: "ai-query" }));
    expect(answer).toMatch(/The answer will appear in this conversation\.$/);
  });

  test("goes on here when no job can be begun", async () => {
    const { model, seen } = slow(150, "", "In the end.");
    const { engine } = setUp({ model }, new AppError("RATE_LIMITED", "20 jobs"));
    expect((await engine.run(queryOf("Tell me"))).answer).toBe("In the end.");
    expect(seen.aborted).toBe(false);
  });

  test("goes on here after a call with effects, or a job that has begun", async () => {
    const calculated = async () => ({ status: "ok" as const, output: {}, text: "Done.", replayed: false, ms: 1 });
    for (const parts of [
      [{ name: "calculate" }, { name: "chat" }],
      [{ name: "deep_research", slots: { topic: "tea" } }, { name: "chat" }],
    ]) {
      const { engine, begun } = setUp({ model: slow(150, "", "In the end.").model, tool: calculated, parts });
      expect((await engine.run(queryOf("Tell me"))).answer).toContain("In the end.");
      expect(begun().filter(({ crew }) => crew === "answer")).toEqual([]);
    }
  });

  test("a quick one is left alone", async () => {
    const { engine, begun } = setUp({ model: speaks("Hello."), syncLimitMs: 5_000 });
    expect((await engine.run(queryOf("Hi"))).answer).toBe("Hello.");
    expect(begun()).toEqual([]);
  });
});
