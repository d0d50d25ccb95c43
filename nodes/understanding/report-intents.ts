import type { IntentExampleRow, IntentPatternRow, IntentRow } from "../../platform/config/registry.ts";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import { type Confusion, crossValidate, type IntentAccuracy } from "./cross-validate.ts";
import { intentsOf } from "./gather-examples.ts";
import type { JudgedExample } from "./judge-held-back.ts";
import { compilePatterns } from "./pattern-matcher.ts";

export interface IntentRows {
  readonly intents: readonly IntentRow[];
  readonly patterns: readonly IntentPatternRow[];
  readonly examples: readonly IntentExampleRow[];
}

/** An example that a pattern of another intent takes. */
export interface TakenExample {
  readonly intent: string;
  readonly text: string;
  readonly takenBy: string;
}

export interface IntentReport {
  readonly locale: string | undefined;
  readonly examples: number;
  readonly patterns: number;
  /** Share of the examples that would be understood without being an example, 0 to 1; NaN without examples. */
  readonly accuracy: number;
  readonly byIntent: readonly IntentAccuracy[];
  readonly confusions: readonly Confusion[];
  /** Examples that the others contradict, surest contradiction first. */
  readonly weakExamples: readonly JudgedExample[];
  /** Examples that share no word with any other of their intent. */
  readonly lonelyExamples: readonly { readonly intent: string; readonly text: string }[];
  readonly takenExamples: readonly TakenExample[];
  /** Intents with fewer examples than teach anything well, fewest first. */
  readonly fewExamples: readonly { readonly intent: string; readonly examples: number }[];
  /** Intents with neither an example nor a pattern: nothing leads to them. */
  readonly silent: readonly string[];
}

export interface ReportOptions {
  /** Only rows of this language (and of all, `*`). */
  readonly locale?: string | undefined;
  readonly folds: number;
  readonly onFold?: (done: number, folds: number) => void;
}

const enough = 15;
const shortestWord = 3;

/**
 * Tells how well the rows of the registry are told apart: by cross-validation of the examples, and by what patterns and
 * examples say about each other. Examples of several intents are left out.
 * @throws {AppError} INVALID_INPUT for a number of folds that splits nothing or a pattern that does not compile.
 */
export const reportIntents = async (
  { intents, patterns, examples }: IntentRows,
  { locale, folds, onFold }: ReportOptions,
): Promise<IntentReport> => {
  const enabled = new Set(intents.filter((row) => row.enabled).map((row) => row.id));
  const isWanted = (row: { readonly locale: string }) =>
    locale === undefined || row.locale === "*" || row.locale === locale;
  const used = examples.filter((row) => isWanted(row) && intentsOf(row.intent).every((id) => enabled.has(id)));
  const single = used.filter((row) => intentsOf(row.intent).length === 1);
  const own = patterns.filter((row) => isWanted(row) && enabled.has(row.intent));
  const count = (id: string) => single.filter(({ intent }) => intent === id).length;
  // Examples of all languages teach one classifier, so all take part; the report is about the wanted ones.
  const learnt = examples.filter((row) => enabled.has(row.intent));
  const wanted = new Set(single.map(({ text }) => text));
  const { accuracy, byIntent, confusions, weakExamples } = await crossValidate(learnt, {
    folds,
    reported: ({ text }) => wanted.has(text),
    ...(onFold ? { onFold } : {}),
  });
  const few = [...enabled]
    .map((intent) => ({ intent, examples: count(intent) }))
    .filter((row) => row.examples < enough);
  return {
    locale,
    examples: single.length,
    patterns: own.length,
    accuracy,
    byIntent,
    confusions,
    weakExamples,
    lonelyExamples: lonelyOf(single),
    takenExamples: takenOf(single, own),
    fewExamples: few.sort((left, right) => left.examples - right.examples),
    silent: [...enabled].filter(
      (id) => !own.some(({ intent }) => intent === id) && !used.some(({ intent }) => intentsOf(intent).includes(id)),
    ),
  };
};

const lonelyOf = (examples: readonly IntentExampleRow[]): { intent: string; text: string }[] => {
  const counts = new Map<string, number>();
  const keysOf = ({ intent, text }: IntentExampleRow): string[] => [
    ...new Set(
      wordsOf(text)
        .filter((word) => word.length >= shortestWord)
        .map((word) => `${intent} ${word}`),
    ),
  ];
  for (const row of examples) for (const key of keysOf(row)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return examples
    .filter((row) => keysOf(row).every((key) => counts.get(key) === 1))
    .map(({ intent, text }) => ({ intent, text }));
};

const takenOf = (examples: readonly IntentExampleRow[], patterns: readonly IntentPatternRow[]): TakenExample[] => {
  const matcher = compilePatterns(patterns);
  return examples.flatMap(({ intent, text, locale }) => {
    const [first] = matcher.match(text, locale === "*" ? undefined : locale);
    // A slot may refuse its words; only what takes the words as they are is sure.
    return first && first.intent !== intent && Object.keys(first.captured).length === 0
      ? [{ intent, text, takenBy: first.intent }]
      : [];
  });
};
