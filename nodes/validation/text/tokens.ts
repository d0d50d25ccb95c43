import { perWord } from "../../../platform/language/per-word.ts";

/** A word, a run of digits with its marks, or one other sign. */
export interface Token {
  readonly kind: "word" | "number" | "mark";
  readonly text: string;
  /** Lower case, apostrophes made alike. */
  readonly lower: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?![\d\p{L}])(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[\p{L}\p{M}_]+(?:['’ʼ׳״"](?=\p{L})[\p{L}\p{M}_]+)*|[^\s\p{L}\p{N}]|\p{N}/gu;

const isAscii = (code: number): boolean => code < 0x80;

const kindOf = (found: string): Token["kind"] => {
  const code = found.charCodeAt(0);
  if (code >= 48 && code <= 57) return "number";
  if (isAscii(code)) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? "word" : "mark";
  return /^[\p{L}\p{N}]/u.test(found) ? "word" : "mark";
};
const lowerOf = perWord((word) => word.toLowerCase().replace(/[’ʼ׳]/g, "'").replace(/״/g, '"').replace(/'s$/, ""));

/** Cuts a text into tokens, in order; linear. Spaces are not kept: tokens touch when one's end is the next one's start. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match;
    const kind = kindOf(found);
    const lower = kind === "word" ? lowerOf(found) : found;
    tokens.push({ kind, text: found, lower, start: match.index, end: match.index + found.length });
  }
  return tokens;
};

const ofOtherDigits = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
const ofMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad]/g;
const fractions: Readonly<Record<string, string>> = { "½": ".5", "¼": ".25", "¾": ".75" };

/**
 * The text with ASCII digits, plain minus signs and without marks of direction. A vulgar fraction behind a figure becomes its
 * decimals; the length may change.
 */
export const plainText = (text: string): string =>
  text
    .normalize("NFC")
    .replace(ofMarks, "")
    .replace(ofOtherDigits, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replace(/(\d?)([½¼¾])/g, (_, digit: string, fraction: string) => `${digit || "0"}${fractions[fraction] ?? ""}`)
    .replace(/\u2212/g, "-")
    .replace(
      /(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?/g,
      (_, day, time, zone) => `${day} ${time}${zone === "Z" ? " UTC" : ""}`,
    );
