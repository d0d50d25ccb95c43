import { foldText } from "../../../platform/language/normalise-text.ts";
import {
  inDays,
  inWeeks,
  lastWord,
  months,
  month as monthWord,
  nextWord,
  relativeDays,
  week,
  weekdays,
  weekend,
} from "./date-words.ts";
import { addDays, type Day, dayIn, dayOf, isoDay, lastOfMonth, weekdayOf } from "./local-date.ts";
import type { SlotContext } from "./slot-recogniser.ts";

/** A day, or the first and last day of a span, as `yyyy-mm-dd` in the user's zone. */
export interface FoundDates {
  readonly date: string;
  readonly dateTo?: string;
}

const longestText = 300;

const span = (from: Day, to: Day): FoundDates => ({ date: isoDay(from), dateTo: isoDay(to) });
const single = (day: Day): FoundDates => ({ date: isoDay(day) });

/**
 * The day or span that a text speaks of, in en, pl, uk or he: relative days, weekdays, weekends, weeks, months, written and
 * numeric dates. A bare weekday is the next one, today included. Undefined when none is named.
 */
export const findDates = (
  text: string,
  { timezone, now }: Pick<SlotContext, "timezone" | "now">,
): FoundDates | undefined => {
  const folded = foldText(text.slice(0, longestText)).replace(/[.,!?;'’"]+(?=\s|$)|['’ʼ]/gu, "");
  const today = dayIn(timezone, now);
  return (
    numericDate(folded, today) ?? writtenDate(folded, today) ?? relativeDate(folded, today) ?? wholeMonth(folded, today)
  );
};

const numericDate = (text: string, today: Day): FoundDates | undefined => {
  const iso = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(text);
  if (iso) return only(dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3])));
  const dotted = /(?<![\d.,/])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))(?![\d.,/])/.exec(text);
  if (dotted) return only(dayOf(Number(dotted[3]), Number(dotted[2]), Number(dotted[1])));
  const short = /(?<![\d.,/])(\d{1,2})\.(0[1-9]|1[0-2])(?![\d.,/%])(?= |$)/.exec(text);
  return short ? only(nextOccurrence(today, Number(short[2]), Number(short[1]))) : undefined;
};

const only = (day: Day | undefined): FoundDates | undefined => (day ? single(day) : undefined);

/** This year's day, or next year's when it lies more than half a year back. */
const nextOccurrence = (today: Day, month: number, day: number, year?: number): Day | undefined => {
  if (year !== undefined) return dayOf(year, month, day);
  const thisYear = dayOf(today.year, month, day);
  if (!thisYear) return undefined;
  const isLongAgo =
    Date.UTC(today.year, today.month - 1, today.day) - Date.UTC(today.year, month - 1, day) > 183 * 86_400_000;
  return isLongAgo ? dayOf(today.year + 1, month, day) : thisYear;
};

// "21 November 2026", "November 21", "21-23 listopada", "21 בנובמבר", "between 3 and 10 July".
const writtenDate = (text: string, today: Day): FoundDates | undefined => {
  for (const [index, pattern] of months.entries()) {
    const found = pattern.exec(text);
    if (!found) continue;
    const left = text.slice(Math.max(0, found.index - 24), found.index);
    const right = text.slice(found.index + found[0].length, found.index + found[0].length + 14);
    const before =
      /(?:(\d{1,2})(?:st|nd|rd|th)? ?(?:-|–|and|to|i|do|до|та|עד) ?)?(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?(?: of| -)? ?$/u.exec(
        left,
      );
    const after = /^ (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?!\d)/.exec(right);
    const year = Number(/(?<!\d)(20\d{2})(?!\d)/.exec(right)?.[1]) || undefined;
    const day = before?.[2] ?? after?.[1];
    if (day === undefined) continue;
    const to = nextOccurrence(today, index + 1, Number(day), year);
    const from = before?.[1] === undefined ? undefined : nextOccurrence(today, index + 1, Number(before[1]), year);
    if (to) return from ? span(from, to) : single(to);
  }
  return undefined;
};

const relativeDate = (text: string, today: Day): FoundDates | undefined => {
  for (const [pattern, days] of relativeDays) if (pattern.test(text)) return single(addDays(today, days));
  const days = inDays.exec(text)?.[1];
  if (days !== undefined) return single(addDays(today, Number(days)));
  const weeks = inWeeks.exec(text);
  if (weeks) return single(addDays(today, 7 * (Number(weeks[1]) || 1)));
  const weekday = weekdayOf(today);
  if (weekend.test(text)) {
    // On a Sunday "the weekend" is the one that ends today.
    const saturday = addDays(today, weekday === 0 ? -1 : 6 - weekday);
    const shifted = addDays(
      saturday,
      nextWord.test(text) && (weekday === 0 || weekday === 6) ? 7 : lastWord.test(text) ? -7 : 0,
    );
    return span(shifted, addDays(shifted, 1));
  }
  for (const [index, pattern] of weekdays.entries()) {
    if (!pattern.test(text)) continue;
    const ahead = (index - weekday + 7) % 7;
    if (lastWord.test(text)) return single(addDays(today, ahead === 0 ? -7 : ahead - 7));
    return single(addDays(today, ahead === 0 && nextWord.test(text) ? 7 : ahead));
  }
  if (week.test(text)) {
    const monday = addDays(today, -((weekday + 6) % 7));
    if (nextWord.test(text)) return span(addDays(monday, 7), addDays(monday, 13));
    if (lastWord.test(text)) return span(addDays(monday, -7), addDays(monday, -1));
    return /(?<!\p{L})(?:this|w tym|цього|השבוע)(?!\p{L})/u.test(text) ? span(today, addDays(monday, 6)) : undefined;
  }
  return undefined;
};

const wholeMonth = (text: string, today: Day): FoundDates | undefined => {
  if (monthWord.test(text)) {
    const shift = nextWord.test(text)
      ? 1
      : lastWord.test(text)
        ? -1
        : /(?<!\p{L})(?:this|w tym|цього|החודש)(?!\p{L})/u.test(text)
          ? 0
          : undefined;
    if (shift === undefined) return undefined;
    const first = new Date(Date.UTC(today.year, today.month - 1 + shift, 1));
    return monthSpan(first.getUTCFullYear(), first.getUTCMonth() + 1, today);
  }
  for (const [index, pattern] of months.entries()) {
    const found = pattern.exec(text);
    if (!found) continue;
    // Without "in" before it, "may" is a verb and "march" a walk.
    const left = text.slice(0, found.index);
    if (
      !/(?:^|(?:^| )(?:in|for|this|next|w|we|na|у|в|на)) ?$/u.test(left) ||
      (/^(?:may|march|mar|sep|dec|maj[au]?)$/.test(found[0]) && !/(?:in|this|next|w) $/.test(left))
    )
      continue;
    const year = index + 1 < today.month ? today.year + 1 : today.year;
    return monthSpan(year, index + 1, today);
  }
  return undefined;
};

const monthSpan = (year: number, month: number, today: Day): FoundDates => {
  const isNow = year === today.year && month === today.month;
  return span(isNow ? today : { year, month, day: 1 }, lastOfMonth(year, month));
};
