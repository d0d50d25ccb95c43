import { z } from "zod";
import { createPermit } from "../../platform/egress/create-permit.ts";
import { diffConcealed } from "./diff-concealed.ts";
import type { EvalTask } from "./eval-task.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Row = z.object({
  text: z.string(),
  spans: z.array(z.object({ type: z.string(), start: z.number().int(), end: z.number().int() })),
});

const structured = new Set(["EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "US_SSN", "PHONE_NUMBER"]);

interface Tally {
  found: number;
  all: number;
}

const share = ({ found, all }: Tally): number => (all === 0 ? Number.NaN : found / all);

/** What the product's own `conceal` hides, in class `sanitized` and without a directory: recall by class, and what of the rest changed. */
const evaluatePrivacy = async ({ test = "" }: { readonly test?: string }) => {
  const rows = readRows(test, Row);
  const progress = createProgress(rows.length, "privacy");
  const classes = new Map<string, Tally>();
  const harmless: Tally = { found: 0, all: 0 };
  let slowestMs = 0;
  for (const { text, spans } of rows) {
    const permit = createPermit({ class: "sanitized", confidential: true, budgetMs: 60_000 });
    const at = performance.now();
    const concealed = permit.conceal(text);
    slowestMs = Math.max(slowestMs, performance.now() - at);
    const hidden = diffConcealed(text, concealed, (placeholder) => permit.restore(placeholder));
    const inSpan = new Uint8Array(text.length);
    for (const { type, start, end } of spans) {
      inSpan.fill(1, start, end);
      const tally = classes.get(type) ?? { found: 0, all: 0 };
      classes.set(type, tally);
      tally.all += 1;
      if (hidden.subarray(start, end).every((bit) => bit === 1)) tally.found += 1;
    }
    for (let index = 0; index < text.length; index += 1) {
      if (inSpan[index] === 1) continue;
      harmless.all += 1;
      harmless.found += hidden[index] ?? 0;
    }
    progress.step();
  }
  progress.end();
  const sumOf = (wanted: (type: string) => boolean): Tally =>
    [...classes].reduce(
      (sum, [type, tally]) => (wanted(type) ? { found: sum.found + tally.found, all: sum.all + tally.all } : sum),
      { found: 0, all: 0 },
    );
  return {
    rows: rows.length,
    metrics: {
      recall_structured: share(sumOf((type) => structured.has(type))),
      recall_names: share(sumOf((type) => type === "PERSON")),
      harmless_altered: share(harmless),
    },
    notes: [
      ...[...classes]
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([type, tally]) => `${type}: ${tally.found} of ${tally.all} found (${(100 * share(tally)).toFixed(1)} %)`),
      `slowest text: ${slowestMs.toFixed(1)} ms`,
    ],
  };
};

export const privacyTask: EvalTask = {
  name: "privacy",
  usage: "--test FILE",
  summary: "What the privacy gate hides: spans of a file that are fully covered, and harmless text that is changed.",
  baselines: [],
  accepts: ({ test }) => test !== undefined,
  run: evaluatePrivacy,
};
