import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Evidence } from "../../platform/evidence/evidence.ts";

const languages = ["en", "pl", "uk", "he"] as const;

const trueKinds = [
  "exact",
  "rounded",
  "converted",
  "spelled_out",
  "counted",
  "difference",
  "percentage",
  "day_of_date",
  "relative_date",
  "local_time",
  "quote",
  "own_words",
  "offer",
  "partial",
  "cannot_find",
  "action_done",
  "action_failed_told",
] as const;
const lieKinds = [
  "no_tool_call",
  "failed_call",
  "invented_action",
  "wrong_action",
  "wrong_argument",
  "wrong_device",
  "invented_state",
  "wrong_number",
  "wrong_count",
  "wrong_percentage",
  "wrong_sign",
  "wrong_unit",
  "wrong_currency",
  "wrong_date",
  "wrong_weekday",
  "wrong_time",
  "swapped",
  "wrong_name",
  "wrong_detail",
  "invented_detail",
  "invented_source",
] as const;

const common = z.strictObject({
  locale: z.string(),
  timezone: z.string().refine((zone) => new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined),
  now: z.iso.datetime(),
  question: z.string().min(1),
  evidence: z.array(Evidence.strict().required({ score: true })),
  actions: z.array(
    z.strictObject({
      tool: z.string().min(1),
      args: z.record(z.string(), z.unknown()),
      outcome: z.enum(["ok", "failed"]),
      result: z.unknown(),
    }),
  ),
  answer: z.string().min(1),
});
const Row = z.discriminatedUnion("label", [
  common.extend({ label: z.literal("true"), kind: z.enum(trueKinds) }),
  common.extend({ label: z.literal("lie"), kind: z.enum(lieKinds) }),
]);

const linesOf = (language: string): readonly string[] =>
  readFileSync(new URL(`../../bench/grounding/${language}.jsonl`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
const rowsOf = (language: string): readonly z.infer<typeof Row>[] =>
  linesOf(language).map((line) => Row.parse(JSON.parse(line)));

describe.each(languages)("the seeded answers in %s", (language) => {
  test("are rows of the published format, in their language, each of a known kind", () => {
    for (const [index, line] of linesOf(language).entries()) {
      const row = Row.safeParse(JSON.parse(line));
      expect(row.error?.message, `${language}.jsonl:${index + 1}`).toBeUndefined();
      expect(row.data?.locale.split("-")[0]).toBe(language);
    }
  });

  test("are at least 110 true ones and 110 lies", () => {
    const rows = rowsOf(language);
    expect(rows.filter(({ label }) => label === "true").length).toBeGreaterThanOrEqual(110);
    expect(rows.filter(({ label }) => label === "lie").length).toBeGreaterThanOrEqual(110);
  });

  test("number the evidence of each question in order", () => {
    for (const { evidence } of rowsOf(language)) {
      expect(evidence.map(({ id }) => id)).toEqual(evidence.map((_, index) => `e${index + 1}`));
    }
  });

  test("have true ones to every question, and lies beside them", () => {
    const labels = new Map<string, Set<string>>();
    for (const { question, label } of rowsOf(language)) {
      labels.set(question, (labels.get(question) ?? new Set()).add(label));
    }
    expect([...labels].filter(([, both]) => both.size !== 2)).toEqual([]);
  });
});

describe("the whole set", () => {
  const rows = languages.flatMap(rowsOf);

  test("says nothing twice", () => {
    const answers = rows.map(({ answer }) => answer);
    expect(answers.filter((answer, index) => answers.indexOf(answer) !== index)).toEqual([]);
  });

  test("has every kind of lie and of true answer", () => {
    expect([...new Set(rows.map(({ kind }) => kind))].sort()).toEqual([...trueKinds, ...lieKinds].sort());
  });

  test("speaks of a failed call only where one failed, and of a missing one only where it is missing", () => {
    const failed = rows.filter(({ kind }) => kind === "failed_call" || kind === "action_failed_told");
    expect(failed.filter(({ actions }) => !actions.some(({ outcome }) => outcome === "failed"))).toEqual([]);
    expect(rows.filter(({ kind, actions }) => kind === "no_tool_call" && actions.length > 0)).toEqual([]);
    const done = rows.filter(({ kind }) => kind === "action_done");
    expect(done.filter(({ actions }) => !actions.some(({ outcome }) => outcome === "ok"))).toEqual([]);
  });
});
