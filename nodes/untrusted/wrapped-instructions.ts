import { foldText } from "../../platform/language/normalise-text.ts";
import type { Passage } from "./split-passages.ts";

/** Longest sentence in UTF-16 units that is looked for over several lines. */
const longestSentence = 600;
/** Over so many lines one sentence is looked for. */
const mostLines = 4;
const isOver = /[.!?…:;]["'”)\]]*$/u;
// Items of a list, headings and rows of a table are no parts of a sentence.
const opensItem = /^(?:[-*•–—>|#+]|\d{1,3}[.)])/u;

/**
 * Finds sentences that are only seen to be instructions when their lines are joined ("Please ignore", "all previous
 * instructions"): the index of each of their passages, with the sign. Each line is looked at a bounded number of times.
 */
export const findWrapped = (
  reads: readonly { readonly passage: Passage; readonly folded: string }[],
  signOf: (folded: string) => string | undefined,
): ReadonlyMap<number, string> => {
  const found = new Map<number, string>();
  let from = 0;
  while (from < reads.length) {
    const to = endOfRun(reads, from);
    // One look at the whole run tells most of them clean.
    if (to - from > 1 && signOf(joined(reads, from, to)) !== undefined) markIn(reads, from, to, signOf, found);
    from = to;
  }
  return found;
};

type Reads = Parameters<typeof findWrapped>[0];

const joined = (reads: Reads, from: number, to: number): string =>
  foldText(
    reads
      .slice(from, to)
      .map(({ passage }) => passage.text)
      .join(" "),
  );

/** Passages on neighbouring lines, none of which but the last ends a sentence. */
const endOfRun = (reads: Reads, from: number): number => {
  let to = from + 1;
  let length = reads[from]?.passage.text.length ?? 0;
  while (to < reads.length) {
    const before = reads[to - 1]?.passage;
    const here = reads[to]?.passage;
    if (!before || !here || isOver.test(before.text.slice(-4)) || here.afterBlank || opensItem.test(here.text)) break;
    length += here.text.length + 1;
    if (length > longestSentence) break;
    to += 1;
  }
  return to;
};

/** Marks the fewest lines together that are an instruction, when none of them is one by itself. */
const markIn = (
  reads: Reads,
  from: number,
  to: number,
  signOf: (folded: string) => string | undefined,
  found: Map<number, string>,
): void => {
  for (let start = from; start < to; start += 1) {
    if (signOf(reads[start]?.folded ?? "") !== undefined) continue;
    for (let end = start + 2; end <= Math.min(to, start + mostLines); end += 1) {
      if (signOf(reads[end - 1]?.folded ?? "") !== undefined) break;
      const sign = signOf(joined(reads, start, end));
      if (sign === undefined) continue;
      for (let at = start; at < end; at += 1) found.set(at, sign);
      start = end - 1;
      break;
    }
  }
};
