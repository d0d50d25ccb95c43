import type { DigitGroups } from "./digit-groups.ts";

/** Digits in groups that are cut alike, and so may be one number whatever stands between them. */
export interface EvenWindow {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/** Most groups: a card of single digits. */
const mostGroups = 26;

type Joint = "none" | "tight" | "loose";

/** How two groups are joined: by one space or dash as everywhere, or by more white space or another mark. */
const jointBetween = (text: string, from: number, to: number): Joint => {
  if (to - from > 3) return "none";
  // By far the commonest.
  if (to - from === 1 && (text[from] === " " || text[from] === "-")) return "tight";
  let marks = 0;
  for (let at = from; at < to; at += 1) {
    const character = text[at] ?? "";
    if (character === "." || character === "-" || character === "/" || character === "_") marks += 1;
    else if (character !== " " && character !== "\n" && character !== "\t" && character !== "\r") return "none";
  }
  if (marks > 1 || (marks === 1 && to - from === 3 && !/^\s.\s$/.test(text.slice(from, to)))) return "none";
  return "loose";
};

/** Groupings of cards, PESELs and accounts that are not even; their first group is the key. */
const uneven: readonly (readonly number[])[] = [
  [4, 6, 5],
  [4, 6, 4],
  [6, 5],
  [2, 2, 2, 5],
  [2, 4, 4, 4, 4, 4, 4],
];
const lengths: ReadonlySet<number> = new Set([11, 13, 14, 15, 16, 17, 18, 19, 26]);

/**
 * Windows over digit groups joined by white space, dots, slashes, dashes or underscores, in any mixture: groups of one size
 * with a last one that may be shorter, or a usual grouping. Single digits and pairs count only as a whole run, since lists of
 * them are common. What `digitWindows` gives is left out. Linear, since windows are bounded.
 */
export function* evenWindows(text: string, { starts, ends }: DigitGroups): Generator<EvenWindow> {
  const sizes = starts.map((start, at) => (ends[at] ?? 0) - start);
  /** How each group is joined to the one before. */
  const joints = starts.map((start, at): Joint => (at === 0 ? "none" : jointBetween(text, ends[at - 1] ?? 0, start)));
  const windowOf = (first: number, count: number): EvenWindow => {
    let digits = "";
    for (let at = first; at < first + count; at += 1) digits += text.slice(starts[at], ends[at]);
    return { start: starts[first] ?? 0, end: ends[first + count - 1] ?? 0, digits };
  };
  for (let first = 0; first < starts.length; first += 1) {
    const size = sizes[first] ?? 0;
    if (size > 6 || (joints[first + 1] ?? "none") === "none") continue;
    for (const shape of uneven) {
      if (shape[0] !== size || shape[1] !== sizes[first + 1]) continue;
      if (shape.every((wanted, at) => sizes[first + at] === wanted && (at === 0 || joints[first + at] !== "none")))
        yield windowOf(first, shape.length);
    }
    const opensRun = joints[first] === "none";
    if (size <= 2 && !opensRun) continue;
    let isLoose = false;
    let total = size;
    for (let count = 1; count < mostGroups && total < 26; ) {
      const next = first + count;
      const joint = joints[next] ?? "none";
      const nextSize = sizes[next] ?? 0;
      if (joint === "none" || nextSize > size) break;
      isLoose ||= joint === "loose";
      total += nextSize;
      count += 1;
      const isLast = (joints[first + count] ?? "none") === "none";
      if ((isLoose || count > 8) && lengths.has(total) && (size > 2 || isLast)) yield windowOf(first, count);
      if (nextSize < size) break;
    }
  }
}
