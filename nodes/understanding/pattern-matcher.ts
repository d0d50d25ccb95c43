import { RE2JS, RE2Set } from "re2js";
import type { IntentPatternRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { canonicalText } from "../../platform/language/normalise-text.ts";
import { compilePhrase } from "./phrase-pattern.ts";

export interface PatternMatch {
  readonly intent: string;
  /** What the match implies, and the words each slot took from the text, as they were written. */
  readonly implied: Readonly<Record<string, unknown>>;
  readonly captured: Readonly<Record<string, string>>;
  readonly confidence: number;
}

export interface PatternMatcher {
  /** All patterns that fit the whole text, the one that says most first; those of other locales than the given come last. */
  match(text: string, locale: string | undefined): PatternMatch[];
}

interface Compiled {
  readonly row: IntentPatternRow;
  readonly source: string;
  /** Compiled when it is first needed: the set already tells which texts fit. */
  readonly expression: () => RE2JS;
  readonly groups: ReadonlyMap<string, string>;
  readonly literalLength: number;
}

const longestText = 400;
const longestRegex = 1_000;
const largestProgram = 5_000;

// Said around any request; folded.
const before =
  /^ (?:(?:please|hey|hi|ok|okay|athena|prosze|hej|atena|ateno|будь ласка|привит|атено|בבקשה|היי|אתנה)(?= ))+/u;
const after =
  /(?: (?:please|thanks|thank you|athena|prosze|dzieki|dziekuje|ateno|будь ласка|дякую|атено|בבקשה|תודה|אתנה))+$/u;

/**
 * Compiles the rows once for matching in time linear in the text: one automaton tells which patterns fit, only those are
 * run for their slots.
 * @throws {AppError} INVALID_INPUT with the reason for a pattern that is unbalanced, too large or not RE2.
 */
export const compilePatterns = (rows: readonly IntentPatternRow[]): PatternMatcher => {
  const phrases = rows.filter((row) => row.kind === "phrase").map(compilePhraseRow);
  const regexes = rows.filter((row) => row.kind === "regex").map(compileRegexRow);
  const phraseSet = setOf(phrases, RE2Set.ANCHOR_BOTH, 0);
  const regexSet = setOf(regexes, RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE);
  return {
    match(text, locale) {
      if (text.length > longestText) return [];
      const canonical = canonicalText(text);
      const matches: { match: PatternMatch; rank: number }[] = [];
      const add = ({ row, literalLength }: Compiled, captured: Record<string, string>) => {
        const isForeign = locale !== undefined && row.locale !== "*" && !locale.startsWith(row.locale);
        const confidence = Object.keys(captured).length === 0 ? 0.99 : 0.97;
        matches.push({
          match: { intent: row.intent, implied: row.slots, captured, confidence },
          rank: literalLength - (isForeign ? 1_000 : 0),
        });
      };
      const spaced = ` ${canonical.text}`;
      const lead = before.exec(spaced)?.[0].length ?? 0;
      const subject = spaced.slice(lead).replace(after, "");
      for (const pattern of phraseSet(subject)) {
        const found = pattern.expression().matcher(subject);
        if (found.matches())
          add(
            pattern,
            capturedBy(pattern, found, (start, end) =>
              sliceOriginal(text, canonical.starts, start + lead - 1, end + lead - 1),
            ),
          );
      }
      const composed = text.normalize("NFC");
      for (const pattern of regexSet(composed)) {
        const found = pattern.expression().matcher(composed);
        if (found.find())
          add(
            pattern,
            capturedBy(pattern, found, (start, end) => composed.slice(start, end)),
          );
      }
      return matches.sort((left, right) => right.rank - left.rank).map(({ match }) => match);
    },
  };
};

/**
 * Compiles one row to the end, as `compilePatterns` does only when a text fits it.
 * @throws {AppError} INVALID_INPUT with the reason for a pattern that is unbalanced, too large or not RE2.
 */
export const checkPattern = (row: IntentPatternRow): void => {
  (row.kind === "phrase" ? compilePhraseRow(row) : compileRegexRow(row)).expression();
};

const compilePhraseRow = (row: IntentPatternRow): Compiled => {
  const { source, groups, literalLength } = compilePhrase(row.pattern);
  return { row, source, expression: once(() => compileRe2(source, 0, row)), groups, literalLength };
};

const compileRegexRow = (row: IntentPatternRow): Compiled => {
  if (row.pattern === "" || row.pattern.length > longestRegex)
    throw refuse(row, `it must have 1 to ${longestRegex} characters`);
  const expression = compileRe2(row.pattern, RE2JS.CASE_INSENSITIVE, row);
  if (expression.matches("")) throw refuse(row, "it fits an empty text");
  const names = Object.keys(expression.namedGroups());
  return {
    row,
    source: row.pattern,
    expression: () => expression,
    groups: new Map(names.map((name) => [name, name])),
    literalLength: row.pattern.replace(/[^\p{L}]/gu, "").length,
  };
};

const refuse = (row: IntentPatternRow, reason: string, cause?: unknown): AppError =>
  new AppError(
    "INVALID_INPUT",
    `The pattern '${row.pattern.slice(0, 80)}' of '${row.intent}' cannot be used: ${reason}.`,
    { cause, field: "pattern" },
  );

const once = <Value>(make: () => Value): (() => Value) => {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
};

const compileRe2 = (source: string, flags: number, row: IntentPatternRow): RE2JS => {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, flags);
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, "") : "it does not fit RE2";
    throw refuse(row, reason, cause);
  }
  if (compiled.programSize() > largestProgram) throw refuse(row, "it is too large");
  return compiled;
};

const setOf = (patterns: readonly Compiled[], anchor: number, flags: number): ((text: string) => Compiled[]) => {
  if (patterns.length === 0) return () => [];
  const set = new RE2Set(anchor, flags);
  for (const { source } of patterns) set.add(source);
  set.compile();
  return (text) => set.match(text).flatMap((index) => patterns[index] ?? []);
};

const capturedBy = (
  { groups }: Compiled,
  found: { start(group: string): number; end(group: string): number },
  slice: (start: number, end: number) => string,
): Record<string, string> => {
  const captured: Record<string, string> = {};
  for (const [group, slot] of groups) {
    const start = found.start(group);
    if (start >= 0) captured[slot] = slice(start, found.end(group)).trim();
  }
  return captured;
};

// The words of a slot reach to the next kept character, so marks that belong to them (a closing bracket) are not lost.
const sliceOriginal = (text: string, starts: Int32Array, start: number, end: number): string =>
  text.slice(starts[start], starts[end]).replace(/^[\s,;:.!?"“”„«»]+|[\s,;:.!?"“”„«»]+$/gu, "");
