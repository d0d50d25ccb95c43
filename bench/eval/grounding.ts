import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { createReleaseGate } from "../../nodes/answer/release-gate.ts";
import { compileRules, type Violation } from "../../nodes/validation/rules.ts";
import type { ValidationRuleRow } from "../../platform/config/registry.ts";
import { Evidence } from "../../platform/evidence/evidence.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import type { EvalOptions, EvalTask } from "./eval-task.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

/** Evidence of a row; `data` may be a bare list, which a producer of the product would name. */
const RowEvidence = z.preprocess((value) => {
  const data = (value as { data?: unknown } | null)?.data;
  return Array.isArray(data) ? { ...(value as object), data: { items: data } } : value;
}, Evidence);

const Row = z.object({
  locale: z.string(),
  timezone: z.string(),
  now: z.iso.datetime({ offset: true }),
  question: z.string(),
  evidence: z.array(RowEvidence),
  actions: z.array(
    z.object({
      tool: z.string(),
      args: z.record(z.string(), z.unknown()),
      outcome: z.enum(["ok", "failed"]),
      result: z.unknown(),
    }),
  ),
  answer: z.string(),
  label: z.enum(["true", "lie"]),
  kind: z.string(),
});
type Row = z.infer<typeof Row>;

const root = new URL("../../", import.meta.url);
const shipped = (): string[] =>
  readdirSync(new URL("bench/grounding/", root))
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => fileURLToPath(new URL(`bench/grounding/${name}`, root)));

/** What the product would do with an answer: the first blocking violation, by the release gate's own sentences, then as a whole. */
export const createJudge = () => {
  const rows = parse(
    readFileSync(new URL("migrations/defaults/validation-rules.yaml", root), "utf8"),
  ) as ValidationRuleRow[];
  const rules = compileRules(rows, createGazetteer());
  const intents = [...new Set(rows.flatMap((row) => row.intents))];
  return async (row: Row): Promise<Violation | undefined> => {
    const ruleSet = rules(intents);
    const ground = ruleSet.createGround({
      texts: [row.question],
      evidence: row.evidence,
      actions: row.actions,
      locale: row.locale,
      timezone: row.timezone,
      now: new Date(row.now),
    });
    const gate = createReleaseGate({
      check: (sentence) => ruleSet.sentence(sentence, ground),
      show: undefined,
      maxLength: ruleSet.maxLength,
    });
    return (
      (await gate.push(row.answer)) ??
      (await gate.end()) ??
      ruleSet.whole(row.answer, ground).find(({ severity }) => severity === "block")
    );
  };
};

const rate = (part: number, all: number): string => (all === 0 ? "–" : `${part}/${all}`);

const evaluateGrounding = async ({ test }: EvalOptions) => {
  const rows = (test === undefined ? shipped() : [test]).flatMap((file) => readRows(file, Row));
  const judge = createJudge();
  const progress = createProgress(rows.length, "grounding");
  const tally = new Map<string, { blocked: number; all: number }>();
  let [caught, lies, alarms, truths] = [0, 0, 0, 0];
  for (const row of rows) {
    const blocked = (await judge(row)) !== undefined;
    for (const key of [`${row.label} ${row.kind}`, `${row.label} in ${row.locale.slice(0, 2)}`]) {
      const entry = tally.get(key) ?? { blocked: 0, all: 0 };
      tally.set(key, { blocked: entry.blocked + Number(blocked), all: entry.all + 1 });
    }
    if (row.label === "lie") {
      lies += 1;
      caught += Number(blocked);
    } else {
      truths += 1;
      alarms += Number(blocked);
    }
    progress.step();
  }
  progress.end();
  return {
    rows: rows.length,
    metrics: { caught: caught / Math.max(1, lies), false_alarms: alarms / Math.max(1, truths) },
    notes: [...tally]
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([key, { blocked, all }]) => `${key}: ${rate(blocked, all)} blocked`),
  };
};

export const groundingTask: EvalTask = {
  name: "grounding",
  usage: "[--test FILE]",
  summary: "Lies caught and true answers refused by the default validation rules; without --test on the shipped set.",
  baselines: [{ system: "to reach", metrics: { caught: 0.95, false_alarms: 0.02 } }],
  accepts: () => true,
  run: evaluateGrounding,
};
