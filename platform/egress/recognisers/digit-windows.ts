import type { DigitGroups } from "./digit-groups.ts";

/** Neighbouring digit groups of a text that could be one number. */
export interface DigitWindow {
  readonly start: number;
  readonly end: number;
  /** The digits alone. */
  readonly digits: string;
  /** How many groups they are written in. */
  readonly groupCount: number;
  /** Letters directly before it; empty when there are none. */
  readonly label: string;
  /** Letters stand directly behind it. */
  readonly isGlued: boolean;
}

/** Most groups that one number is written in (a Polish account has seven). */
const mostGroups = 8;
const mostDigits = 26;
const letter = /\p{L}/u;

/**
 * Every window of 8 to 26 digits over at most eight neighbouring groups that one and the same separator joins (a space or
 * a dash), so that lists, dates with times and decimals do not run together. Linear, since windows are bounded.
 */
export function* digitWindows(text: string, { starts, ends }: DigitGroups): Generator<DigitWindow> {
  for (let first = 0; first < starts.length; first += 1) {
    const start = starts[first] ?? 0;
    if ((ends[first] ?? 0) - start > mostDigits) continue;
    const label = labelBefore(text, start);
    if (label === undefined) continue;
    let digits = "";
    let separator = "";
    let end = start;
    for (let groupCount = 1; groupCount <= mostGroups; groupCount += 1) {
      const at = first + groupCount - 1;
      const groupStart = starts[at];
      if (groupStart === undefined) break;
      if (groupCount > 1) {
        const between = groupStart === end + 1 ? (text[end] ?? "") : "";
        if ((between !== " " && between !== "-") || (separator !== "" && between !== separator)) break;
        separator = between;
      }
      end = ends[at] ?? end;
      if (digits.length + end - groupStart > mostDigits) break;
      digits += text.slice(groupStart, end);
      if (digits.length < 8) continue;
      const ending = endsIn(text, end);
      if (ending !== "code") yield { start, end, digits, groupCount, label, isGlued: ending === "letters" };
    }
  }
}

/** Letters that may be a label written together with its number; longer ones, and mixtures with digits, are codes. */
const mostLabel = 12;

/** What stands directly before a number: nothing, a label of letters, or undefined when the number goes on to the left. */
const labelBefore = (text: string, start: number): string | undefined => {
  const before = text[start - 1];
  if (before === undefined || before === " ") return "";
  if (before === "." || before === ",") return /\d/.test(text[start - 2] ?? "") ? undefined : "";
  if (!letter.test(before)) return "";
  let at = start - 1;
  while (at > 0 && start - at <= mostLabel && letter.test(text[at - 1] ?? "")) at -= 1;
  return start - at > mostLabel || /\d/.test(text[at - 1] ?? "") ? undefined : text.slice(at, start);
};

/** Whether letters follow a number, and whether it could end there all the same ("44051401359zł"). */
const endsIn = (text: string, end: number): "nothing" | "letters" | "code" => {
  if (!letter.test(text[end] ?? "")) return "nothing";
  let at = end + 1;
  while (at < text.length && at - end <= mostLabel && letter.test(text[at] ?? "")) at += 1;
  return at - end > mostLabel || /\d/.test(text[at] ?? "") ? "code" : "letters";
};
