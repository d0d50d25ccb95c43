import { describe, expect, test } from "vitest";
import type { Timeline } from "../../atlas/timeline.ts";
import { callsFingerprint } from "../../nodes/calls-fingerprint.ts";
import type { Draft, StepResult, UnfinishedTurns } from "../../nodes/query.ts";
import { createRemember, type Remembered } from "../../nodes/remember.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { permitOf } from "../support/permit.ts";
import { runtimeOf, stepStateOf, threadOf } from "../support/step-of.ts";
import { queryOf } from "../support/stub-engine.ts";

type Closed = Parameters<Timeline["close"]>[0];
type Saved = Parameters<UnfinishedTurns["save"]>[0];

const draft: Draft = {
  text: "It is 3 °C in Oslo.",
  composer: "model",
  model: "openai/stub",
  reasoning: "",
  toolCalls: [],
  finishReason: "stop",
  usage: { promptTokens: 120, completionTokens: 9, estimated: false },
  broken: [],
  released: true,
  refused: false,
  firstTokenMs: 41.6,
};
const failed: StepResult = {
  step: stepStateOf({ id: "s2", target: "news", part: 1 }).step,
  status: "failed",
  evidence: [],
  text: "",
  reason: "News about Oslo cannot be reached.",
  degraded: [],
  ms: 12.4,
};
const stateOf = (more: Partial<Remembered> = {}): Remembered => ({
  query: queryOf("How cold is it in Oslo?"),
  settled: { thread: threadOf(), messageId: "m1", position: 1, appended: [] },
  permit: permitOf("full", false),
  receipt: [],
  locale: "en",
  parts: [{ name: "weather", text: "How cold is it in Oslo?", confidence: 0.9, tier: "example", slots: {} }],
  results: [],
  evidence: [
    {
      id: "e1",
      service: "weather",
      title: "Weather",
      text: "3 °C",
      data: {},
      sourceName: "Open-Meteo",
      sourceUrl: "https://open-meteo.com/",
      observedAt: "2026-11-21T09:45:00Z",
      score: 1,
    },
  ],
  transcript: [],
  draft,
  violations: [],
  degraded: [],
  timings: {},
  ...more,
});

const rememberWith = (close?: Timeline["close"]) => {
  const closed: Closed[] = [];
  const saved: Saved[] = [];
  const metrics = createMetrics();
  const remember = createRemember({
    timeline: {
      close:
        close ??
        (async (answer) => {
          closed.push(answer);
          return [];
        }),
    },
    unfinishedTurns: { save: async (turn) => void saved.push(turn) },
    metrics,
  });
  return { remember, closed, saved, metrics };
};

describe("the answer", () => {
  test("is kept with what it stands on, what was asked, and what it cost", async () => {
    const { remember, closed } = rememberWith();
    await remember(stateOf(), runtimeOf());
    expect(closed).toHaveLength(1);
    expect(closed[0]?.messages).toEqual([expect.objectContaining({ role: "assistant", content: draft.text })]);
    expect(closed[0]?.messages[0]?.meta).toMatchObject({
      evidence: [{ id: "e1", service: "weather", source: "Open-Meteo", url: "https://open-meteo.com/" }],
      intents: ["weather"],
      usage: draft.usage,
      model: "openai/stub",
    });
  });

  test("goes with its log row in one call, so that both are there or neither", async () => {
    const { remember, closed } = rememberWith();
    await remember(stateOf({ results: [failed] }), runtimeOf());
    expect(closed[0]?.log).toMatchObject({
      id: "query-1",
      threadId: "thread",
      surface: "openai",
      mode: "open",
      egress: "full",
      intents: [{ name: "weather", confidence: 0.9, tier: "example" }],
      calls: [{ kind: "service", target: "news", status: "failed", ms: 12 }],
      model: "openai/stub",
      tokensIn: 120,
      tokensOut: 9,
      firstTokenMs: 42,
      validation: { ok: true, violations: [] },
    });
  });

  test("that cannot be kept is an error: no end marker without a commit", async () => {
    const { remember } = rememberWith(async () => {
      throw new AppError("DATABASE_UNAVAILABLE", "The database is out of reach.");
    });
    await expect(remember(stateOf(), runtimeOf())).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  });

  test("must be there", async () => {
    const { remember, closed } = rememberWith();
    await expect(remember(stateOf({ draft: undefined }), runtimeOf())).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(remember(stateOf({ settled: undefined }), runtimeOf())).rejects.toMatchObject({ code: "INTERNAL" });
    expect(closed).toEqual([]);
  });

  test("under way is known to whoever tidies up when the query breaks off", async () => {
    const { remember } = rememberWith();
    const runtime = runtimeOf();
    await remember(stateOf(), runtime);
    await expect(runtime.context.progress.closing).resolves.toEqual([]);
  });
});

describe("what did not take part", () => {
  test("is named with its reason, in the answer and in the log, and counted", async () => {
    const { remember, closed, metrics } = rememberWith();
    const news = { part: "news", reason: "News about Oslo cannot be reached." };
    expect((await remember(stateOf({ results: [failed] }), runtimeOf())).degraded).toEqual([news]);
    expect(closed[0]?.log.degraded).toEqual([news]);
    expect(closed[0]?.messages[0]?.meta).toMatchObject({ degraded: [news] });
    expect((await metrics.degraded.get()).values).toMatchObject([{ value: 1, labels: { part: "news" } }]);
  });

  test("is named without its reason in the log of a confidential query", async () => {
    const { remember, closed } = rememberWith();
    await remember(stateOf({ results: [failed], permit: permitOf("local-only") }), runtimeOf());
    expect(closed[0]?.log.degraded).toEqual([{ part: "news", reason: "" }]);
    expect(JSON.stringify(closed[0]?.log)).not.toContain("Oslo");
  });
});

test("the log names broken rules once each, and nothing of what they found", async () => {
  const { remember, closed } = rememberWith();
  const violations = ["grounded_numbers: 13 °C", "grounded_numbers: 14 °C", "must_cite: nothing is cited"];
  await remember(stateOf({ violations }), runtimeOf());
  expect(closed[0]?.log.validation).toEqual({ ok: false, violations: ["grounded_numbers", "must_cite"] });
});

describe("a turn that waits for the client's tools", () => {
  const toolCalls = [{ id: "call-1", name: "HassTurnOn", arguments: { name: "Lamp", area: "Kitchen" } }];

  test("is kept under its calls, with the work already done", async () => {
    const { remember, saved } = rememberWith();
    const state = stateOf({ draft: { ...draft, toolCalls, finishReason: "tool_calls" }, results: [failed] });
    await remember(state, runtimeOf());
    expect(saved).toEqual([
      {
        principal: state.query.principal.id,
        threadId: "thread",
        callIds: ["call-1"],
        fingerprint: callsFingerprint(toolCalls),
        state: expect.objectContaining({ parts: state.parts, results: [failed], locale: "en" }),
      },
    ]);
  });

  test("is the only kind that is kept", async () => {
    const { remember, saved } = rememberWith();
    await remember(stateOf(), runtimeOf());
    expect(saved).toEqual([]);
  });
});

test("tokens are counted for the model that used them, and for none where none was asked", async () => {
  const { remember, metrics } = rememberWith();
  await remember(stateOf(), runtimeOf());
  await remember(stateOf({ draft: { ...draft, composer: "facts", model: undefined } }), runtimeOf());
  expect((await metrics.tokensIn.get()).values).toMatchObject([{ value: 120, labels: { model: "openai/stub" } }]);
  expect((await metrics.tokensOut.get()).values).toMatchObject([{ value: 9, labels: { model: "openai/stub" } }]);
});
