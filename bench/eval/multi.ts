import { z } from "zod";
import { createUnderstanding } from "../../nodes/understanding/understand-query.ts";
import { readDefaultFiles } from "../../platform/config/default-files.ts";
import type { MultiIntentRuleRow, Registry } from "../../platform/config/registry.ts";
import type { EvalOptions, EvalTask } from "./eval-task.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Row = z.object({ text: z.string(), intents: z.array(z.string()).min(1) });
type Row = z.infer<typeof Row>;

const locale = "en";
const logger = { info: () => undefined, warn: () => undefined };
const mostNotes = 25;

/** A registry whose intents and examples are the rows of the training file, with the rules that ship. */
const registryOf = async (rows: readonly Row[], idOf: ReadonlyMap<string, string>): Promise<Registry> => {
  const defaults = (await readDefaultFiles()).rows();
  return {
    revision: "eval",
    intents: [...idOf.values()].map((id) => ({
      id,
      description: id,
      kind: "chat",
      target: id,
      // Every row asks for something that is known.
      threshold: 0,
      slots: [],
      compose: "model",
      enabled: true,
    })),
    patterns: [],
    examples: rows.map(({ text, intents }) => ({
      intent: intents.map((intent) => idOf.get(intent)).join("+"),
      locale,
      text,
    })),
    multiIntentRules: defaults.multiIntentRules as unknown as MultiIntentRuleRow[],
    validationRules: [],
    services: [],
    prompts: [],
    modelAliases: [],
    clientProfiles: [],
    crews: [],
  };
};

/** Share of the texts whose set of intents is found exactly, by the product's own splitting and example tier. */
const evaluateMulti = async ({ train = "", test = "" }: EvalOptions) => {
  const rows = readRows(train, Row);
  const tests = readRows(test, Row);
  // Labels are free words, ids are not.
  const labels = [...new Set(rows.flatMap(({ intents }) => intents))].sort();
  const idOf = new Map(labels.map((label, index) => [label, `intent_${index}`]));
  const labelOf = new Map(labels.map((label, index) => [`intent_${index}`, label]));
  const registry = await registryOf(rows, idOf);
  const understanding = createUnderstanding({
    registry: { current: () => registry, onChange: () => () => undefined },
    gazetteer: { find: () => [], resolve: () => undefined },
    logger,
  });
  const started = performance.now();
  await understanding.ready();
  const trainSeconds = (performance.now() - started) / 1_000;
  const progress = createProgress(tests.length, "multi");
  const signal = new AbortController().signal;
  const notes: string[] = [];
  let right = 0;
  let spent = 0;
  for (const { text, intents } of tests) {
    const at = performance.now();
    const { parts } = await understanding.understand(text, { locale, timezone: "UTC", now: new Date(), signal });
    spent += performance.now() - at;
    const found = new Set(parts.map(({ name }) => labelOf.get(name) ?? name));
    if (found.size === new Set(intents).size && intents.every((intent) => found.has(intent))) right += 1;
    else
      notes.push(
        `${intents.join(", ")} ← ${parts.map((part) => `[${labelOf.get(part.name)}] ${part.text}`).join(" | ")}`,
      );
    progress.step();
  }
  progress.end();
  await understanding.stop();
  return {
    rows: tests.length,
    metrics: {
      exact_set: tests.length === 0 ? Number.NaN : right / tests.length,
      train_seconds: trainSeconds,
      understand_ms: spent / Math.max(1, tests.length),
    },
    notes: notes.slice(0, mostNotes),
  };
};

export const multiTask: EvalTask = {
  name: "multi",
  usage: "--train FILE --test FILE",
  summary: "Several intents in one text: share of texts whose set of intents is exactly right.",
  baselines: [
    { system: "Stack-Propagation (sigmoid), MixSNIPS_clean test", metrics: { exact_set: 0.96 } },
    { system: "AGIF, MixSNIPS_clean test", metrics: { exact_set: 0.951 } },
  ],
  accepts: ({ train, test }) => train !== undefined && test !== undefined,
  run: evaluateMulti,
};
