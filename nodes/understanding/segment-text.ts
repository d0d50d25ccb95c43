import type { MultiIntentRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** A stretch of the query between two places where it might be split. */
export interface Segment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether punctuation, not only a word such as "and", stands before it. */
  readonly isMarked: boolean;
}

export interface Segmenter {
  /** The stretches of a text, in order, by the separators of its locale and of all (`*`); one when nothing separates. */
  segments(text: string, locale: string): Segment[];
}

const longestSeparator = 40;
const escapePattern = (text: string): string => text.replace(/[.*+?^$()|[\]{}\\/-]/g, "\\$&");

// A mark separates only before a space, so figures and addresses stay whole; a word only as a whole word. A trailing `+`
// marks a Hebrew prefix: it is written together with the word after it.
const toPattern = (separator: string): string => {
  const words = separator.trim();
  if (words.endsWith("+")) return `(?:[ ,;.?!]+|^)${escapePattern(words.slice(0, -1))}(?=[\\p{L}])`;
  const inner = words.split(/\s+/).map(escapePattern).join("\\s+");
  const starts = /^[\p{L}\p{N}]/u.test(words) ? "(?<![\\p{L}\\p{N}'’-])" : "";
  const ends = /[\p{L}\p{N}]$/u.test(words) ? "(?![\\p{L}\\p{N}'’-])" : "(?=\\s|$)";
  return `${starts}${inner}${ends}`;
};

/**
 * Compiles the `split` rules.
 * @throws {AppError} INVALID_INPUT for a rule without a separator, or one over 40 characters.
 */
export const compileSegmenter = (rules: readonly MultiIntentRuleRow[]): Segmenter => {
  const separators = rules
    .filter((row) => row.kind === "split")
    .map(({ rule }) => {
      const separator = rule.separator?.trim() ?? "";
      if (separator !== "" && separator.length <= longestSeparator) return { separator, locale: rule.locale ?? "*" };
      throw new AppError("INVALID_INPUT", `A split rule needs a separator of 1 to ${longestSeparator} characters.`, {
        field: "rule.separator",
      });
    });
  const patterns = new Map<string, RegExp | undefined>();
  for (const locale of new Set(separators.map((rule) => rule.locale))) {
    const own = separators.filter((rule) => rule.locale === locale || rule.locale === "*");
    patterns.set(locale, toRunPattern(own.map(({ separator }) => separator)));
  }
  return {
    segments(text, locale) {
      const pattern = patterns.get(locale.slice(0, 2)) ?? patterns.get("*");
      return pattern ? cut(text, pattern) : [{ text: text.trim(), start: 0, end: text.length, isMarked: false }];
    },
  };
};

// Several separators in a row ("? And", ", and then") are one.
const toRunPattern = (separators: readonly string[]): RegExp => {
  const longestFirst = [...separators].sort((left, right) => right.length - left.length);
  const one = `(?:${longestFirst.map(toPattern).join("|")})`;
  return new RegExp(`${one}(?:\\s*${one})*`, "giu");
};

const cut = (text: string, pattern: RegExp): Segment[] => {
  const found: Segment[] = [];
  let start = 0;
  let isMarked = false;
  const push = (end: number) => {
    const piece = text.slice(start, end);
    if (/[\p{L}\p{N}]/u.test(piece)) found.push({ text: piece.trim(), start, end, isMarked });
  };
  for (const match of text.matchAll(pattern)) {
    push(match.index);
    start = match.index + match[0].length;
    isMarked = /[,;.?!]/.test(match[0]);
  }
  push(text.length);
  return found;
};
