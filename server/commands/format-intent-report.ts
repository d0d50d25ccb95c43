import type { IntentReport } from "../../nodes/understanding/report-intents.ts";

const most = 15;

const percent = (share: number): string => (Number.isNaN(share) ? "—" : `${(share * 100).toFixed(1)} %`);

const section = (title: string, lines: readonly string[], total = lines.length): string[] =>
  lines.length === 0
    ? []
    : ["", `${title}:`, ...lines.map((line) => `  ${line}`), ...(total > lines.length ? [`  … of ${total}`] : [])];

/** A report for people: figures first, then what to mend, worst first. */
export const formatIntentReport = (report: IntentReport): string => {
  const width = Math.max(0, ...report.byIntent.map(({ intent }) => intent.length));
  const weak = report.weakExamples.slice(0, most);
  const lonely = report.lonelyExamples.slice(0, most);
  return [
    `${percent(report.accuracy)} of ${report.examples} examples (${report.locale ?? "all languages"}) would be understood without being one; ${report.patterns} patterns.`,
    "Patterns are not counted in: they understand what they fit before any example is looked at.",
    ...section(
      "By intent",
      report.byIntent.map(
        ({ intent, accuracy, examples }) =>
          `${intent.padEnd(width)}  ${percent(accuracy).padStart(7)}  of ${examples} examples`,
      ),
    ),
    ...section(
      "Confused",
      report.confusions.slice(0, most).map(({ intent, guess, count }) => `${intent} taken for ${guess}: ${count}`),
      report.confusions.length,
    ),
    ...section(
      "Weak examples, which the others contradict",
      weak.map(
        ({ intent, guess, confidence, text }) => `"${text}" (${intent}) looks like ${guess}, ${percent(confidence)}`,
      ),
      report.weakExamples.length,
    ),
    ...section(
      "Lonely examples, which share no word with any other of their intent",
      lonely.map(({ intent, text }) => `"${text}" (${intent})`),
      report.lonelyExamples.length,
    ),
    ...section(
      "Examples that a pattern of another intent takes",
      report.takenExamples.map(({ intent, text, takenBy }) => `"${text}" (${intent}) is taken by ${takenBy}`),
    ),
    ...section(
      "Few examples",
      report.fewExamples.map(({ intent, examples }) => `${intent}: ${examples}`),
    ),
    ...section("Nothing leads to, neither examples nor patterns", report.silent),
  ].join("\n");
};

/** What a change of the rows does, in one line each: accuracy, and the intents whose accuracy changes. */
export const formatComparison = (before: IntentReport, after: IntentReport): string => {
  const earlier = new Map(before.byIntent.map((row) => [row.intent, row.accuracy]));
  const changed = after.byIntent.filter(({ intent, accuracy }) => earlier.get(intent) !== accuracy);
  return [
    `Understood without being an example: ${percent(before.accuracy)} of ${before.examples} before, ${percent(after.accuracy)} of ${after.examples} after.`,
    ...changed.map(
      ({ intent, accuracy }) => `  ${intent}: ${percent(earlier.get(intent) ?? Number.NaN)} → ${percent(accuracy)}`,
    ),
  ].join("\n");
};
