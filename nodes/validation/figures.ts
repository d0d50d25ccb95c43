import { type Unit, unitAfter, unitBefore } from "./units.ts";

/** A figure of a text: the values it may stand for (one per number format), how many decimals it shows, its unit. */
export interface Figure {
  readonly written: string;
  readonly values: readonly number[];
  readonly decimals: number;
  /** What stands beside it; undefined when it merely counts or names. */
  readonly unit: Unit | undefined;
}

// Digits with their marks; a letter or digit on either side makes it a code (LO281, e3), not a figure.
const token = /(?<![\p{L}\p{N}_#@])\d+(?:[.,:/–-]\d+|['’ \u00a0\u202f]\d{3}(?!\d))*/gu;

/**
 * The figures in a text, in order. `2,340` stands for 2340 and for 2.34; `1 234,5` for 1234.5; dates and clock times give
 * their parts. Linear in the text's length.
 */
export const figuresOf = (text: string): Figure[] => {
  // The T of an ISO time parts date and clock; a space of the same length keeps the offsets.
  const latin = toLatinDigits(text).replace(/(?<=\d)T(?=\d)/g, " ");
  const found: Figure[] = [];
  for (const match of latin.matchAll(token)) {
    const end = match.index + match[0].length;
    const unit =
      unitAfter(latin.slice(end, end + 30)) ?? unitBefore(latin.slice(Math.max(0, match.index - 2), match.index));
    const pieces = match[0].split(/[:/–-]/);
    for (const [index, piece] of pieces.entries()) {
      if (piece !== "")
        found.push({ written: piece, ...readings(piece), unit: index === pieces.length - 1 ? unit : undefined });
    }
  }
  return found;
};

const readings = (raw: string): { values: number[]; decimals: number } => {
  const bare = raw.replace(/[ \u00a0\u202f'’]/g, "");
  const groups = bare.split(/[.,]/);
  if (groups.length === 1) return { values: [Number(bare)].filter(Number.isFinite), decimals: 0 };
  const marks = new Set(bare.match(/[.,]/g));
  const fraction = groups.at(-1) ?? "";
  const values = new Set<number>();
  const hasFraction = groups.length === 2 || marks.size > 1;
  if (hasFraction) values.add(Number(`${groups.slice(0, -1).join("")}.${fraction}`));
  if (marks.size === 1 && groups.slice(1).every((group) => group.length === 3)) values.add(Number(groups.join("")));
  // Dates and versions written with points: each part stands for itself.
  if (groups.length > 2) for (const group of groups) values.add(Number(group));
  return { values: [...values].filter(Number.isFinite), decimals: hasFraction ? fraction.length : 0 };
};

/** Arabic-Indic and full-width digits as ASCII digits; everything else unchanged. */
const toLatinDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
