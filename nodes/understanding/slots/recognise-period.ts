import { foldText } from "../../../platform/language/normalise-text.ts";
import { readPeriod } from "../../../platform/language/read-period.ts";
import { lastWord, month, months as monthNames, nextWord, relativeDays, week } from "./date-words.ts";
import { findAnyDates } from "./find-english-dates.ts";
import { addDays, type Day, dayIn, isoDay, lastOfMonth, weekdayOf } from "./local-date.ts";
import type { SlotContext, SlotRecogniser } from "./slot-recogniser.ts";

const longestText = 300;

const words = (pattern: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])[בלמהוש]?(?:${pattern})(?![\\p{L}\\p{N}])`, "u");

const moment = String.raw`\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?`;
const interval = new RegExp(
  `(?<![\\d-])(${moment})\\s*(?:/|–|—|\\s-\\s|to|till|until|through|do|до|по|עד)\\s*(${moment}|P[\\dWDTHM]{2,12})(?![\\d-])`,
  "u",
);
const lastDays =
  /(?<![\p{L}\p{N}])(\d{1,3}) (?:(?:last|past) )?(days?|weeks?|dni|dnia|tygodni|tygodnie|дн(?:і|ів)|тижн(?:і|ів)|ימים|יום|שבועות)(?![\p{L}\p{N}])/u;
const daily = words("daily|codzienn(?:y|a|e|ego|ej)|dzienn(?:y|a|e|ego|ej)|щоденн(?:ии|а|ого|у|ої)|יומית?");
const weekly = words("weekly|(?:co)?tygodniow(?:y|a|e|ego|ej)|(?:що)?тижнев(?:ии|а|ого|у|ої|оі)|שבועית?");
const monthly = words("monthly|(?:co)?miesieczn(?:y|a|e|ego|ej)|(?:що)?місячн(?:ии|а|ого|у|ої|оі)|חודשית?");
const quarterly = words(
  "quarter(?:ly)?|kwarta(?:l|lu|le)|kwartaln(?:y|a|e|ego|ej)|квартал(?:у|і)?|квартальн(?:ии|а|ого|у|ої|оі)|רבעון|רבעונית?",
);
const yearly = words(
  "year(?:ly)?|annual|rok|roku|roczn(?:y|a|e|ego|ej)|рік|року|році|річн(?:ии|а|ого|у|ої|оі)|שנה|שנתית?",
);

const days = (from: Day, to: Day): string => `${isoDay(from)}/${isoDay(to)}`;

/** From the first of `length` months that hold a month, up to today; or the same length before it. */
const months = (today: Day, length: number, isLast: boolean): string => {
  const first = today.month - ((today.month - 1) % length) - (isLast ? length : 0);
  const year = today.year + Math.floor((first - 1) / 12);
  const start = { year, month: ((first - 1 + 12) % 12) + 1, day: 1 };
  return days(start, isLast ? lastOfMonth(start.year, start.month + length - 1) : today);
};

const relativeDay = (offset: number, today: Day): string => {
  if (offset === 0) return "today";
  return offset === -1 ? "yesterday" : days(addDays(today, offset), addDays(today, offset));
};

/** "for May", "za maj 2025": the whole month, this year's or the last one that has begun. */
const wholeMonth = (text: string, today: Day): string | undefined => {
  for (const [index, pattern] of monthNames.entries()) {
    const found = pattern.exec(text);
    if (!found) continue;
    const left = text.slice(0, found.index);
    const right = text.slice(found.index + found[0].length);
    const isPlace =
      /(?<!\p{L})(?:for|of|in|from|za|ze?|we?|о|за|у|в|з|על|של)[ ]?$/u.test(left) || /^[בלמהוש]/u.test(found[0]);
    if (!isPlace || /^ (?:\d{1,2})(?!\d)/.test(right)) continue;
    const written = Number(/^ (20\d{2})(?!\d)/.exec(right)?.[1]) || undefined;
    const year = written ?? (index + 1 > today.month ? today.year - 1 : today.year);
    const isNow = year === today.year && index + 1 === today.month;
    return days({ year, month: index + 1, day: 1 }, isNow ? today : lastOfMonth(year, index + 1));
  }
  return undefined;
};

const namedPeriod = (text: string, today: Day): string | undefined => {
  const counted = lastDays.exec(text);
  if (counted) {
    const count = Number(counted[1]) * (/^(?:w|t|тиж|שבוע)/u.test(counted[2] ?? "") ? 7 : 1);
    return days(addDays(today, 1 - Math.max(1, count)), today);
  }
  const isLast = lastWord.test(text);
  if (week.test(text) || weekly.test(text)) {
    if (!isLast) return "week";
    const monday = addDays(today, -((weekdayOf(today) + 6) % 7) - 7);
    return days(monday, addDays(monday, 6));
  }
  if (month.test(text) || monthly.test(text)) return months(today, 1, isLast);
  if (quarterly.test(text)) return months(today, 3, isLast);
  if (yearly.test(text)) return months(today, 12, isLast);
  return undefined;
};

/** A day or span that has been: a bare "Monday" is the last one, and "May" this year's, or the last. */
const pastDates = (text: string, context: SlotContext, today: Day): string | undefined => {
  const found = findAnyDates(text, context);
  if (!found) return undefined;
  const { date, dateTo = date } = found;
  if (date <= isoDay(today)) return `${date}/${dateTo}`;
  const back = (day: string, years: number, count: number): string => {
    const [year = 0, of = 0, at = 0] = day.split("-").map(Number);
    return isoDay(addDays({ year: year - years, month: of, day: at }, -count));
  };
  const isNear = date <= isoDay(addDays(today, 6));
  return isNear ? `${back(date, 0, 7)}/${back(dateTo, 0, 7)}` : `${back(date, 1, 0)}/${back(dateTo, 1, 0)}`;
};

const find = (text: string, context: SlotContext): string | undefined => {
  const clipped = text.slice(0, longestText);
  const { timezone, now } = context;
  const written = interval.exec(clipped);
  if (written) {
    const period = `${written[1]}/${written[2]}`;
    return readPeriod(period, timezone, now) ? period : undefined;
  }
  const folded = foldText(clipped).replace(/[.,!?;'’"]+(?=\s|$)|['’ʼ](?:s(?!\p{L}))?/gu, "");
  if (nextWord.test(folded)) return undefined;
  const today = dayIn(timezone, now);
  const [, offset] = relativeDays.find(([pattern]) => pattern.test(folded)) ?? [];
  if (offset !== undefined && offset > 0) return undefined;
  const period =
    (offset === undefined ? namedPeriod(folded, today) : relativeDay(offset, today)) ??
    wholeMonth(folded, today) ??
    pastDates(clipped, context, today) ??
    (daily.test(folded) ? "today" : undefined);
  return period !== undefined && readPeriod(period, timezone, now) ? period : undefined;
};

/**
 * The period that is to be told of, as `readPeriod` reads it: `today`, `yesterday`, `week`, or an interval of days that are
 * over or run. Undefined when none is named, or one that is still to come.
 */
export const periodRecogniser: SlotRecogniser = { whole: find, find };
