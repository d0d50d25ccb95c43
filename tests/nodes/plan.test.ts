import { describe, expect, test } from "vitest";
import { createPlan, readySteps } from "../../nodes/plan.ts";
import type { QueryInput, Step, StepResult } from "../../nodes/query.ts";
import type { IntentRow } from "../../platform/config/registry.ts";

const row = (id: string, kind: IntentRow["kind"], target: string): IntentRow => ({
  id,
  description: id,
  kind,
  target,
  threshold: 0.5,
  slots: [],
  compose: "model",
  enabled: true,
});
const intents = [
  row("weather", "service", "weather"),
  row("calculate", "tool", "calculate"),
  row("home_control", "tool", "home_control"),
  row("chat", "chat", "chat"),
];
const part = (name: string, slots = {}, more = {}) => ({
  name,
  text: name,
  confidence: 1,
  tier: "pattern" as const,
  slots,
  ...more,
});
const plan = createPlan({
  intents: () => intents,
  targets: { services: new Set(["weather"]), tools: new Set(["calculate"]) },
  say: (key, _locale, values) => `${key}:${values?.what ?? ""}`,
});
const query = { clientTools: [] } as unknown as QueryInput;

describe("plan", () => {
  test("gives each part its step, side by side", async () => {
    const { steps, degraded } = await plan({
      query,
      text: "",
      locale: "en",
      results: [],
      parts: [part("weather", { place: "Kraków" }), part("calculate", { expression: "1+1" })],
    });
    expect(steps.map(({ kind, target, args, dependsOn }) => ({ kind, target, args, dependsOn }))).toEqual([
      { kind: "service", target: "weather", args: { place: "Kraków" }, dependsOn: [] },
      { kind: "tool", target: "calculate", args: { expression: "1+1" }, dependsOn: [] },
    ]);
    expect(degraded).toEqual([]);
  });

  test("names a part that only a model could answer beside others, when there is none", async () => {
    const asked = {
      query,
      text: "",
      locale: "en",
      results: [],
      parts: [part("calculate", { expression: "1+1" }), part("chat")],
    };
    const targets = { services: new Set<string>(), tools: new Set(["calculate"]) };
    const planWith = (hasModel: boolean) =>
      createPlan({ intents: () => intents, targets, say: (key) => key, hasModel: () => hasModel });
    expect((await planWith(false)(asked)).degraded).toEqual([{ part: "chat", reason: "chat.no_model" }]);
    expect((await planWith(true)(asked)).degraded).toEqual([]);
    expect((await planWith(false)({ ...asked, parts: [part("chat")] })).degraded).toEqual([]);
  });

  test("names what this engine does not have", async () => {
    const { steps, degraded } = await plan({
      query,
      text: "",
      locale: "en",
      results: [],
      parts: [part("home_control")],
    });
    expect(steps).toEqual([]);
    expect(degraded).toEqual([{ part: "home_control", reason: "not_available:part.home_control:" }]);
  });

  test("leaves to the client's tools what this engine does not have", async () => {
    const withTools = { clientTools: [{ name: "HassTurnOn", parameters: {} }] } as unknown as QueryInput;
    expect(
      await plan({ query: withTools, text: "", locale: "en", results: [], parts: [part("home_control")] }),
    ).toEqual({ steps: [], degraded: [] });
  });

  test("plans only what a turn that goes on has no result for", async () => {
    const done = { step: { id: "s1", part: 0 }, status: "failed" } as StepResult;
    const parts = [part("weather"), part("calculate", { expression: "1+1" })];
    const { steps } = await plan({ query, text: "", locale: "en", results: [done], parts });
    expect(steps.map(({ id, target }) => ({ id, target }))).toEqual([{ id: "s2", target: "calculate" }]);
  });
});

describe("a request for a long job in two parts", () => {
  const asking = createPlan({
    intents: () =>
      ["research", "report"].map((id) => ({
        ...row(id, "job", id),
        slots: [{ name: "topic", type: "text", required: false }] as never,
      })),
    targets: { services: new Set(), tools: new Set(), jobs: true },
    say: (key) => key,
  });
  const targetsOf = async (parts: ReturnType<typeof part>[], history: { role: "user"; content: string }[] = []) => {
    const asked = { ...query, messages: [] } as unknown as QueryInput;
    const { steps } = await asking({ query: asked, text: "", locale: "en", results: [], parts, history });
    return steps.map(({ id, target, args }) => [id, target, args.topic]);
  };
  const boiler = { topic: "the boiler" };

  test("is one job about what either of them names", async () => {
    expect(await targetsOf([part("research", boiler), part("report")])).toEqual([["s1", "research", "the boiler"]]);
    expect(await targetsOf([part("research"), part("report", boiler)])).toEqual([["s1", "report", "the boiler"]]);
  });

  test("is two where each names its own, or where what was said before is meant by one", async () => {
    expect(await targetsOf([part("research", boiler), part("report", { topic: "the roof" })])).toHaveLength(2);
    const before = ["The roof leaks.", "Research this and report the boiler."].map((content) => ({
      role: "user" as const,
      content,
    }));
    expect(await targetsOf([part("research"), part("report", boiler)], before)).toHaveLength(2);
  });
});

describe("ready steps", () => {
  const step = (id: string, more: Partial<Step> = {}): Step => ({
    id,
    kind: "service",
    target: "weather",
    args: {},
    dependsOn: [],
    part: 0,
    ...more,
  });

  test("a dependent step waits and gets its argument from the earlier evidence", () => {
    const steps = [step("s1"), step("s2", { dependsOn: ["s1"], handOn: { from: "city", to: "place" } })];
    expect(readySteps(steps, []).map(({ id }) => id)).toEqual(["s1"]);
    const ready = readySteps(steps, [{ step: steps[0]!, status: "ok", evidence: [{ data: { city: "Oslo" } }] }]);
    expect(ready).toEqual([{ ...steps[1], args: { place: "Oslo" } }]);
  });

  test("a dependent step of a failed one still runs, without the argument", () => {
    const steps = [step("s1"), step("s2", { dependsOn: ["s1"], handOn: { from: "city", to: "place" } })];
    expect(readySteps(steps, [{ step: steps[0]!, status: "failed", evidence: [] }]).map(({ id }) => id)).toEqual([
      "s2",
    ]);
  });
});
