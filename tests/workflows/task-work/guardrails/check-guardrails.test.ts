import { describe, expect, test } from "vitest";
import type { Guardrail } from "../../../../workflows/crews/crew.ts";
import { checkGuardrails } from "../../../../workflows/task-work/guardrails/check-guardrails.ts";
import type { Draft } from "../../../../workflows/task-work/task-work-deps.ts";
import { oneTask } from "../../../support/task-work.ts";

const { job } = oneTask();
const draft = (more: Partial<Draft>): Draft => ({
  text: "It is warm [1].",
  citations: [{ id: "1", title: "Note", itemId: "i1" }],
  unknownMarks: [],
  sources: 1,
  findings: 1,
  material: [],
  ...more,
});
const problemOf = (guardrail: Guardrail, more: Partial<Draft>, seen: readonly string[] = ["i1"]) =>
  checkGuardrails({
    guardrails: [guardrail],
    draft: draft(more),
    context: { job, seenItems: async (_job, ids) => new Set(ids.filter((id) => seen.includes(id))) },
  });
const named = (name: string): Guardrail => ({ kind: "function", name });

describe("citations", () => {
  test("resolve when each is a source that is there", async () => {
    expect(await problemOf(named("citations_resolve"), {})).toBeUndefined();
    expect(
      await problemOf(named("citations_resolve"), {
        citations: [{ id: "1", title: "Page", url: "https://example.org" }],
      }),
    ).toBeUndefined();
    expect(await problemOf(named("citations_resolve"), { citations: [] })).toBeUndefined();
  });

  test.each([
    ["a number that is no source", { unknownMarks: [9] }, ["i1"], "[9] is no source"],
    ["an item that is gone", {}, [], "[1] cites is not there"],
    ["a source without an address", { citations: [{ id: "1", title: "?" }] }, ["i1"], "[1] cites is not there"],
  ])("do not with %s", async (_name, more, seen, words) => {
    expect(await problemOf(named("citations_resolve"), more, seen)).toContain(words);
  });
});

test("where earlier tasks cite something must be cited; that tools gave something is no reason to", async () => {
  expect(await problemOf(named("findings_cited"), { citations: [] })).toContain("Nothing is cited");
  expect(await problemOf(named("findings_cited"), {})).toBeUndefined();
  expect(await problemOf(named("findings_cited"), { citations: [], findings: 0, sources: 3 })).toBeUndefined();
});

test("long sections that cite nothing are named", async () => {
  const long = "Something that goes on and on about the boiler without ever saying where it comes from. ".repeat(4);
  const text = `# T\n\n## One\n${long}\n\n## Two\n${long}\n\n## Three\n${long} [1]`;
  expect(await problemOf(named("sections_cited"), { text })).toMatch(/'One', 'Two'/);
  expect(await problemOf(named("sections_cited"), { text, sources: 0 })).toBeUndefined();
  const gaps = `# T\n\n## One\nIt leaks [1].\n\n## What stays open\n${long}`;
  expect(await problemOf(named("sections_cited"), { text: gaps })).toBeUndefined();
});

test("numbers must stand in what was found", async () => {
  const material = ["messages: 1,234", "since 2026-11-01"];
  const text = "1234 messages since 1 November 2026 [1].";
  expect(await problemOf(named("numbers_grounded"), { text, material })).toBeUndefined();
  expect(await problemOf(named("numbers_grounded"), { text: "There were 999.", material })).toContain("999");
});

test("data must fit the schema, and say where it does not", async () => {
  const schema = {
    type: "object",
    properties: { steps: { type: "array", items: { type: "string" } } },
    required: ["steps"],
  };
  const guardrail: Guardrail = { kind: "schema", schema };
  expect(await problemOf(guardrail, { data: { steps: ["a"] } })).toBeUndefined();
  expect(await problemOf(guardrail, {})).toMatch(/not JSON/);
  expect(await problemOf(guardrail, { data: { steps: [1] } })).toContain("steps.0");
});

test("a judge is passed over without a model; a guardrail that went away ends the job", async () => {
  expect(await problemOf({ kind: "judge", criterion: "Nice." }, {})).toBeUndefined();
  await expect(problemOf(named("nice"), {})).rejects.toMatchObject({ code: "NOT_CONFIGURED" });
});
