/** Neighbouring digit groups of a text that could be one number. */
export interface DigitWindow {
  readonly start: number;
  readonly end: number;
  /** The digits alone. */
  readonly digits: string;
  /** How many groups they are written in. */
  readonly groupCount: number;
}

/** Most groups that one number is written in (a Polish account has seven). */
const mostGroups = 8;
const mostDigits = 26;
const group = /\d+/g;
const letter = /\p{L}/u;

/**
 * Every window of 8 to 26 digits over at most eight neighbouring groups that one and the same separator joins (a space or
 * a dash), so that lists, dates with times and decimals do not run together. Linear, since windows are bounded.
 */
export function* digitWindows(text: string): Generator<DigitWindow> {
  const found = [...text.matchAll(group)];
  for (let first = 0; first < found.length; first += 1) {
    const start = found[first]?.index ?? 0;
    if ((found[first]?.[0].length ?? 0) > mostDigits || goesOnToTheLeft(text, start)) continue;
    let digits = "";
    let separator = "";
    let end = start;
    for (let groupCount = 1; groupCount <= mostGroups; groupCount += 1) {
      const next = found[first + groupCount - 1];
      if (!next) break;
      if (groupCount > 1) {
        const between = next.index === end + 1 ? (text[end] ?? "") : "";
        if ((between !== " " && between !== "-") || (separator !== "" && between !== separator)) break;
        separator = between;
      }
      digits += next[0];
      end = next.index + next[0].length;
      if (digits.length > mostDigits) break;
      if (digits.length >= 8 && !letter.test(text[end] ?? "")) yield { start, end, digits, groupCount };
    }
  }
}

/** Whether a number goes on to the left: a letter (except a country's prefix), or a digit before a point or a comma. */
const goesOnToTheLeft = (text: string, start: number): boolean => {
  const before = text[start - 1];
  if (before === undefined || before === " ") return false;
  if (before === "." || before === ",") return /\d/.test(text[start - 2] ?? "");
  return letter.test(before) && !/(?:^|[^\p{L}])(?:PL|pl)$/u.test(text.slice(Math.max(0, start - 3), start));
};
