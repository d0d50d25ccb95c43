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
const letter = /\p{L}/u;

/**
 * Every window of 8 to 26 digits over at most eight neighbouring groups that one and the same separator joins (a space or
 * a dash), so that lists, dates with times and decimals do not run together. Linear, since windows are bounded.
 */
export function* digitWindows(text: string): Generator<DigitWindow> {
  const { starts, ends } = digitGroups(text);
  for (let first = 0; first < starts.length; first += 1) {
    const start = starts[first] ?? 0;
    if ((ends[first] ?? 0) - start > mostDigits || goesOnToTheLeft(text, start)) continue;
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
      if (digits.length >= 8 && !letter.test(text[end] ?? "")) yield { start, end, digits, groupCount };
    }
  }
}

/** Where runs of digits begin and end. By hand: match objects of a regular expression cost ten times as much. */
const digitGroups = (text: string): { starts: number[]; ends: number[] } => {
  const starts: number[] = [];
  const ends: number[] = [];
  let inside = false;
  for (let at = 0; at <= text.length; at += 1) {
    const code = text.charCodeAt(at); // NaN behind the end
    const isDigit = code >= 48 && code <= 57;
    if (isDigit && !inside) starts.push(at);
    if (!isDigit && inside) ends.push(at);
    inside = isDigit;
  }
  return { starts, ends };
};

/** Whether a number goes on to the left: a letter (except a country's prefix), or a digit before a point or a comma. */
const goesOnToTheLeft = (text: string, start: number): boolean => {
  const before = text[start - 1];
  if (before === undefined || before === " ") return false;
  if (before === "." || before === ",") return /\d/.test(text[start - 2] ?? "");
  return letter.test(before) && !/(?:^|[^\p{L}])(?:PL|pl)$/u.test(text.slice(Math.max(0, start - 3), start));
};
