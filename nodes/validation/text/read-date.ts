import { monthNamed, weekdayAt } from "./calendar-words.ts";
import type { DateQuantity } from "./quantity.ts";
import { figureAt } from "./read-figures.ts";
import type { Token } from "./tokens.ts";

type DateParts = Omit<DateQuantity, "kind">;

const touching = (tokens: readonly Token[], from: number, length: number): boolean => {
  for (let index = from + 1; index < from + length; index += 1)
    if (tokens[index]?.start !== tokens[index - 1]?.end) return false;
  return tokens[from + length - 1] !== undefined;
};
const isYear = (token: Token | undefined): boolean => /^(?:1[5-9]|20|21)\d\d$/.test(token?.text ?? "");

const written = (month: number, day: number | undefined, year: number | undefined, to: number) => {
  if (day !== undefined && (day < 1 || day > 31)) return undefined;
  return { date: { month, ...(day === undefined ? {} : { day }), ...(year === undefined ? {} : { year }) }, to };
};

/** The year that may stand behind a date, after a comma or as it is, with Polish "r." and its like left to the reader. */
const yearAt = (tokens: readonly Token[], at: number): { year: number | undefined; to: number } => {
  const skip = tokens[at]?.text === "," && isYear(tokens[at + 1]) ? at + 1 : at;
  const token = tokens[skip];
  return isYear(token) && token?.kind === "number"
    ? { year: Number(token.text), to: skip + 1 }
    : { year: undefined, to: at };
};

/** A date that begins at a token: 2026-11-21, 21.11.2026, 11/21/2026, "21 listopada 2026", "November 21st", "21 בנובמבר". */
export const dateAt = (tokens: readonly Token[], at: number): { date: DateParts; to: number } | undefined => {
  const token = tokens[at];
  if (token === undefined || token.kind === "mark") return undefined;
  if (token.kind === "number") return numeric(tokens, at, token) ?? dayFirst(tokens, at);
  const month = monthNamed(token.lower);
  if (month !== undefined) {
    let next = at + 1;
    if (tokens[next]?.text === ".") next += 1;
    if (tokens[next]?.lower === "the") next += 1;
    const day = figureAt(tokens, next);
    const value = day?.values[0];
    if (day && value !== undefined && value >= 1 && value <= 31 && Number.isInteger(value) && !isYear(tokens[next])) {
      const { year, to } = yearAt(tokens, day.to);
      return written(month, value, year, to);
    }
    const { year, to } = yearAt(tokens, at + 1);
    return year === undefined ? undefined : written(month, undefined, year, to);
  }
  return weekdayAt(tokens, at) ? undefined : dayFirst(tokens, at);
};

// "21 November", "21st of November", "dwudziestego pierwszego listopada", "21. listopada", "21 בנובמבר".
const dayFirst = (tokens: readonly Token[], at: number) => {
  const day = figureAt(tokens, at);
  const value = day?.values[0];
  if (!day || value === undefined || value < 1 || value > 31 || !Number.isInteger(value)) return undefined;
  let next = day.to;
  // "13–14 June": the first day shares the month of the second.
  if (/^(?:-|–|—|to|do|до|עד|and|i|та|і)$/.test(tokens[next]?.lower ?? "")) {
    const last = figureAt(tokens, next + 1);
    const word = last ? tokens[last.to] : undefined;
    const month =
      word?.kind === "word" && last?.values[0] !== undefined && last.values[0] <= 31
        ? monthNamed(word.lower)
        : undefined;
    if (month !== undefined) return written(month, value, yearAt(tokens, (last?.to ?? next) + 1).year, day.to);
  }
  if (/^(?:of|ל|ב)$/.test(tokens[next]?.lower ?? "") || tokens[next]?.text === ".") next += 1;
  const word = tokens[next];
  const month = word?.kind === "word" ? monthNamed(word.lower) : undefined;
  if (month === undefined || (/^[a-z]/.test(word?.text ?? "") && /^(?:may|march|mar)$/.test(word?.lower ?? "")))
    return undefined;
  const { year, to } = yearAt(tokens, tokens[next + 1]?.text === "." && isYear(tokens[next + 2]) ? next + 2 : next + 1);
  return written(month, value, year, to);
};

const numeric = (tokens: readonly Token[], at: number, token: Token) => {
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/.exec(token.text);
  if (dotted) return checked(Number(dotted[1]), Number(dotted[2]), Number(dotted[3]), at + 1, false);
  if (!touching(tokens, at, 5)) return undefined;
  const [, mark, middle, second, last] = tokens.slice(at, at + 5);
  if (
    mark?.text !== second?.text ||
    middle?.kind !== "number" ||
    last?.kind !== "number" ||
    !/^[-/]$/.test(mark?.text ?? "")
  )
    return undefined;
  const [one, two, three] = [Number(token.text), Number(middle.text), Number(last.text)];
  if (/^\d{4}$/.test(token.text)) return checked(three, two, one, at + 5, false);
  if (!/^(?:\d{4}|\d{2})$/.test(last.text)) return undefined;
  if (mark?.text === "/" && two > 12) return checked(two, one, three, at + 5, false);
  return checked(one, two, three, at + 5, mark?.text === "/");
};

const checked = (day: number, month: number, year: number, to: number, swappable: boolean) => {
  const full = year < 100 ? 2000 + year : year;
  if (!(day >= 1 && day <= 31 && month >= 1 && month <= 12)) return undefined;
  return { date: { day, month, year: full, ...(swappable && day <= 12 ? { swappable: true } : {}) }, to };
};
