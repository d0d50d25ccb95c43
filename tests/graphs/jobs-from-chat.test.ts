import { describe, expect, test } from "vitest";
import type { QueryEvent } from "../../graphs/query-engine.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatRequest } from "../../platform/models/model-gateway.ts";
import { createNotedJobs } from "../support/noted-jobs.ts";
import { createStubEngine, queryOf, type StubEngineOptions, speaks, stubService } from "../support/stub-engine.ts";

const weather = stubService("weather", () => "It will be 21 °C in Kraków.");
const research = { name: "deep_research", text: "research heat pumps for me", slots: { topic: "heat pumps" } };
const weekly = { name: "report", text: "write the weekly report", slots: { period: "week" } };

const setUp = (options: StubEngineOptions = {}, refusal?: AppError) => {
  const { delegate, begun } = createNotedJobs(refusal);
  return { ...createStubEngine({ jobs: delegate, parts: [research], ...options }), begun };
};
const shown = (events: readonly QueryEvent[]) =>
  events.map((event) => (event.type === "text" ? event.text : "")).join("");

/** Keeps what it was asked. */
const remembering = (...pieces: string[]) => {
  const requests: ChatRequest[] = [];
  return {
    requests,
    model: (request: ChatRequest) => {
      requests.push(request);
      return speaks(...pieces)();
    },
  };
};

describe("a part that asks for a long job", () => {
  test.each([
    [
      "en",
      "The research has begun: “heat pumps”. It is job ID, its progress: /v1/jobs/ID. Ask me in a while, “how is my research?”",
    ],
    ["pl", "Badanie rozpoczęte: „heat pumps”. To zadanie ID, postęp: /v1/jobs/ID. Zapytaj"],
    ["uk", "Дослідження розпочато: «heat pumps». Це завдання ID, перебіг: /v1/jobs/ID. Запитайте"],
    ["he", "המחקר התחיל: ״heat pumps״. זו משימה ID, ההתקדמות: /v1/jobs/ID. אפשר"],
  ])("begins one and says so in the user's language: %s", async (locale, sentence) => {
    const { engine, begun, threads } = setUp({ locale });
    const { answer, threadId, messageId, degraded, evidence } = await engine.run(queryOf("research heat pumps"));
    const [job] = begun();
    expect(job).toMatchObject({
      crew: "deep-research",
      input: { topic: "heat pumps", language: locale },
      mode: "open",
      threadId,
      idempotencyKey: `chat ${threadId} ${messageId} 0`,
    });
    expect(answer.replaceAll(job!.id, "ID")).toContain(sentence);
    expect(degraded).toEqual([]);
    expect(evidence).toMatchObject([{ service: "jobs", data: { id: job!.id } }]);
    expect(threads.get(threadId)?.messages.at(-1)?.content).toBe(answer);
  });

  test("that is to be repeated says that it is done once", async () => {
    const morning = {
      ...weekly,
      text: "send me a report every morning",
      slots: { period: "today", frequency: "daily" },
    };
    const { engine, begun } = setUp({ parts: [morning] });
    const { answer } = await engine.run(queryOf("send me a report every morning"));
    expect(begun()).toMatchObject([{ crew: "report", input: { period: "today" } }]);
    expect(answer).toContain("It is done this once");
  });

  test("asks no model when nothing else is asked, whatever the client brings or the operator set", async () => {
    const { requests, model } = remembering("I made this up.");
    const clientTools = [{ name: "turn_on", description: "Turns on", parameters: { type: "object" } }];
    for (const composer of ["auto", "model"] as const) {
      const { engine, begun } = setUp({ model, composer });
      const events: QueryEvent[] = [];
      const result = await engine.run(queryOf("research", { clientTools }), (event) => void events.push(event));
      expect(result).toMatchObject({ model: undefined, answer: expect.stringContaining(begun()[0]!.id) });
      expect(shown(events)).toBe(result.answer);
    }
    expect(requests).toEqual([]);
  });

  test.each([true, false])(
    "stands in its own words behind what a model says of the rest, streamed: %s",
    async (streams) => {
      const { requests, model } = remembering("It will be 21 °C in Kraków [1].");
      const { engine, begun } = setUp({ model, services: [weather], parts: [{ name: "weather" }, research] });
      const events: QueryEvent[] = [];
      const result = await engine.run(
        queryOf("weather and research", { surface: "ai-query" }),
        streams ? (event) => void events.push(event) : undefined,
      );
      const { id } = begun()[0]!;
      expect(result.answer).toBe(
        `It will be 21 °C in Kraków [1].\n\nThe research has begun: “heat pumps”. It is job ${id}, its progress: /v1/jobs/${id}. The result will appear in this conversation.`,
      );
      if (streams) expect(shown(events)).toBe(result.answer);
      expect(result.validation).toEqual({ ok: true, violations: [] });
      expect(requests).toHaveLength(1);
      expect(JSON.stringify(requests[0]!.messages)).not.toContain(id);
      expect(JSON.stringify(requests[0]!.messages)).toContain("Say nothing about that part");
    },
  );

  test("a model that invents is stopped; the job is told once all the same", async () => {
    const { model } = remembering("It will be 21 °C in Kraków [1]. ", "It will be 35 °C in Oslo. ", "Bye.");
    const { engine, begun } = setUp({ model, services: [weather], parts: [{ name: "weather" }, research] });
    const events: QueryEvent[] = [];
    const { answer } = await engine.run(
      queryOf("weather and research", { surface: "ai-query" }),
      (event) => void events.push(event),
    );
    expect(answer).not.toContain("35 °C");
    expect(answer.split(begun()[0]!.id)).toHaveLength(3);
    expect(begun()).toHaveLength(1);
  });

  test("is told beside facts when the model is away", async () => {
    const { engine, begun } = setUp({
      services: [weather],
      parts: [{ name: "weather" }, research, weekly],
      model: () => {
        throw new AppError("PROVIDER_OVERLOADED", "Busy.");
      },
    });
    const { answer, degraded } = await engine.run(queryOf("all"));
    expect(answer).toMatch(
      /^It will be 21 °C[^\n]*\nThe research has begun[^\n]*\nThe report is being written \(15–21 November 2026\)/,
    );
    expect(degraded.map(({ part }) => part)).toEqual(["model"]);
    expect(begun().map(({ crew, input }) => [crew, input])).toEqual([
      ["deep-research", { topic: "heat pumps", language: "en" }],
      ["report", { period: "week", language: "en" }],
    ]);
  });

  test("is spoken shortly, without id and link", async () => {
    const { engine, begun } = setUp();
    const { answer } = await engine.run(queryOf("research heat pumps", { voice: true }));
    expect(answer).toBe(
      "The research has begun: heat pumps. Ask me in a while, “how is my research?”, and you get the result.",
    );
    expect(begun()).toHaveLength(1);
  });

  test("of a confidential conversation is confidential, also where nothing may leave", async () => {
    const { engine, begun } = setUp({ egress: "blocked" });
    const result = await engine.run(queryOf("research heat pumps", { mode: "confidential" }));
    expect(result.refused).toBe(false);
    expect(begun()).toMatchObject([{ mode: "confidential" }]);
  });

  test("the same request sent again is the same job", async () => {
    const { engine, begun } = setUp();
    const first = await engine.run(queryOf("research", { surface: "ai-query", requestKey: "r-1" }));
    const again = await engine.run(queryOf("research", { surface: "ai-query", requestKey: "r-1" }));
    expect(begun()).toHaveLength(1);
    expect(again.answer).toBe(
      `This was begun before: job ${begun()[0]!.id}, its progress: /v1/jobs/${begun()[0]!.id}. The result appears in the conversation ${first.threadId}.`,
    );
    await engine.run(queryOf("research", { requestKey: "r-2" }));
    expect(begun()).toHaveLength(2);
  });

  test("the end of a request belongs to its beginning, and what was said before is what 'this' means", async () => {
    const { engine, begun } = setUp({
      parts: [
        { name: "deep_research", text: "research this" },
        { name: "report", text: "send me a report with sources" },
      ],
    });
    const messages = [
      { role: "user" as const, content: "My old house gets a heat pump." },
      { role: "assistant" as const, content: "Good." },
      { role: "user" as const, content: "Research this and send me a report with sources" },
    ];
    const { answer } = await engine.run(queryOf("", { messages }));
    expect(begun()).toMatchObject([{ crew: "deep-research", input: { topic: "My old house gets a heat pump." } }]);
    expect(answer.split("\n")).toHaveLength(1);
  });

  test("no job is begun for who wants JSON, nor again for what a client's tool gave", async () => {
    const { model } = remembering('{"topic": "heat pumps"}');
    const { engine, begun } = setUp({ model });
    await engine.run(queryOf("research", { responseFormat: { type: "json_object" } }));
    const messages = [
      { role: "user" as const, content: "research heat pumps" },
      { role: "assistant" as const, content: "", toolCalls: [{ id: "c1", name: "look", arguments: {} }] },
      { role: "tool" as const, content: "done", toolCallId: "c1" },
    ];
    await engine.run(queryOf("", { messages }));
    expect(begun()).toEqual([]);
  });
});

describe("what cannot be begun is said, and nothing is", () => {
  const reasonOf = async (part: object, refusal?: AppError) => {
    const { engine, begun } = setUp(
      { parts: [part], intents: [{ id: "other", kind: "job", target: "gone" }] },
      refusal,
    );
    const { answer, degraded } = await engine.run(queryOf("please"));
    expect(begun()).toEqual([]);
    expect(degraded).toMatchObject([{ reason: answer }]);
    return answer;
  };
  test.each([
    ["too many jobs", research, /as many of your long jobs run as may/, new AppError("RATE_LIMITED", "20 jobs")],
    ["an input that does not fit", research, /does not fit/, new AppError("INVALID_INPUT", "Bad.", { field: "input" })],
    ["an outage", research, /could not be begun just now/, new AppError("DATABASE_UNAVAILABLE", "Away.")],
    ["another request's key", research, /key belongs to another request/, new AppError("IDEMPOTENCY_MISMATCH", "No.")],
    ["no such crew", { name: "other", text: "x" }, /there is no crew for this here[^.]*\(gone\)/, undefined],
    ["no period", { name: "report", text: "write a report" }, /say which period/, undefined],
    ["a period that is none", { name: "report", text: "x", slots: { period: "soon" } }, /say which period/, undefined],
    ["no topic", { name: "deep_research", text: "research", slots: {} }, /say what it is to be about/, undefined],
  ] as const)("%s", async (_name, part, reason, refusal) => {
    expect(await reasonOf(part, refusal)).toMatch(reason);
  });

  test("a report about a subject is researched where no period is named", async () => {
    const { engine, begun } = setUp({
      parts: [{ name: "report", text: "a report about tea", slots: { topic: "tea" } }],
    });
    expect((await engine.run(queryOf("a report about tea"))).answer).toContain("The research has begun: “tea”");
    expect(begun()).toMatchObject([{ crew: "deep-research", input: { topic: "tea" } }]);
  });
});
