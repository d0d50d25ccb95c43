import type { MultiIntentRuleRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** A stretch of the query between two places where it might be split. */
export interface Segment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What stands between it and the stretch before: "and", ", but not"; empty for the first, unless the text begins so. */
  readonly separator: string;
  /** Whether what stands before it says that this is not wanted ("but not"). */
  readonly isNegated: boolean;
}

export interface Segmenter {
  /** The stretches of a text, in order, by the separators of its locale and of all (`*`); one when nothing separates. */
  segments(text: string, locale: string): Segment[];
}

interface Separators {
  readonly runs: RegExp;
  readonly negating: RegExp | undefined;
}

const longestSeparator = 40;
const escapePattern = (text: string): string => text.replace(/[.*+?^$()|[\]{}\\/-]/g, "\\$&");

// A mark separates only before a space, so figures and addresses stay whole; a word only as a whole word. A trailing `+`
// marks a Hebrew prefix: it is written together with the word after it. A comma before a word may be the text's beginning.
const toPattern = (separator: string): string => {
  const words = separator.trim();
  if (words.endsWith("+")) {
    const prefix = words.slice(0, -1).split(/\s+/).map(escapePattern).join("\\s+");
    return `(?:[ ,;.?!]+|^)${prefix}(?=[\\p{L}])`;
  }
  const afterComma = /^,\s+(?=\S)/.exec(words)?.[0].length ?? 0;
  const inner = words.slice(afterComma).split(/\s+/).map(escapePattern).join("\\s+");
  const starts = afterComma > 0 ? "(?:^|,)\\s*" : /^[\p{L}\p{N}]/u.test(words) ? "(?<![\\p{L}\\p{N}'’-])" : "";
  const ends = /[\p{L}\p{N}]$/u.test(words) ? "(?![\\p{L}\\p{N}'’-])" : "(?=\\s|$)";
  return `${starts}${inner}${ends}`;
};

/**
 * Compiles the `split` rules; one with `negates: "yes"` says that what follows is not wanted. A new line separates always.
 * @throws {AppError} INVALID_INPUT for a rule without a separator, or one over 40 characters.
 */
export const compileSegmenter = (rules: readonly MultiIntentRuleRow[]): Segmenter => {
  const separators = rules
    .filter((row) => row.kind === "split")
    .map(({ rule }) => {
      const separator = rule.separator?.trim() ?? "";
      if (separator !== "" && separator.length <= longestSeparator)
        return { separator, locale: rule.locale ?? "*", negates: rule.negates === "yes" };
      throw new AppError("INVALID_INPUT", `A split rule needs a separator of 1 to ${longestSeparator} characters.`, {
        field: "rule.separator",
      });
    });
  const patterns = new Map<string, Separators>();
  for (const locale of new Set(separators.map((rule) => rule.locale))) {
    const own = separators.filter((rule) => rule.locale === locale || rule.locale === "*");
    const negating = own.filter(({ negates }) => negates);
    patterns.set(locale, {
      runs: toRunPattern(own.map(({ separator }) => separator)),
      negating:
        negating.length === 0
          ? undefined
          : new RegExp(negating.map(({ separator }) => toPattern(separator)).join("|"), "iu"),
    });
  }
  return {
    segments(text, locale) {
      const found = patterns.get(locale.slice(0, 2)) ?? patterns.get("*");
      return found
        ? cut(text, found)
        : [{ text: text.trim(), start: 0, end: text.length, separator: "", isNegated: false }];
    },
  };
};

// Several separators in a row ("? And", ", and then") are one.
const toRunPattern = (separators: readonly string[]): RegExp => {
  const longestFirst = [...separators].sort((left, right) => right.length - left.length);
  const one = `(?:${longestFirst.map(toPattern).join("|")}|\\n)`;
  return new RegExp(`${one}(?:\\s*${one})*`, "giu");
};

const cut = (text: string, { runs, negating }: Separators): Segment[] => {
  const found: Segment[] = [];
  let start = 0;
  let separator = "";
  let isNegated = false;
  const push = (end: number) => {
    const piece = text.slice(start, end);
    if (/[\p{L}\p{N}]/u.test(piece)) found.push({ text: piece.trim(), start, end, separator, isNegated });
  };
  for (const match of text.matchAll(runs)) {
    push(match.index);
    start = match.index + match[0].length;
    separator = match[0].trim() || match[0];
    isNegated = negating?.test(match[0]) ?? false;
  }
  push(text.length);
  return found;
};
