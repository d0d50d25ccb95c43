import { Cron } from "croner";

/** A span of time: `to` is the first moment that is not in it. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** Periods that are named by a word. */
export const namedPeriods = ["today", "yesterday", "week"] as const;

const moment = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const duration = /^P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?)$/;
const hourMs = 3_600_000;
const longestDays = 366;

/** The clock of a zone at a local time; undefined: there is no such day. */
const momentOf = (text: string, timezone: string): { readonly at: Date; readonly isDay: boolean } | undefined => {
  const parts = moment.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second = "00", zone] = parts;
  const isDay = hour === undefined;
  const date = `${year}-${month}-${day}`;
  if (new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) !== date) return undefined;
  const local = `${date}T${isDay ? "00:00:00" : `${hour}:${minute}:${second}`}`;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second) > 59) return undefined;
  const at = zone === undefined ? new Cron(local, { timezone }).getOnce() : new Date(`${local}${zone}`);
  return at === null || Number.isNaN(at.getTime()) ? undefined : { at, isDay };
};

const lengthOf = (text: string): number | undefined => {
  const parts = duration.exec(text);
  if (!parts) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * 24 * hourMs + hours * hourMs + minutes * 60_000 || undefined;
};

const midnightsUpTo = (now: Date, timezone: string, count: number): readonly Date[] =>
  new Cron("0 0 * * *", { timezone }).previousRuns(count, new Date(now.getTime() + 1_000));

const interval = (text: string, timezone: string): Period | undefined => {
  const [first = "", second = "", ...more] = text.split("/");
  if (more.length > 0) return undefined;
  const [start, end] = [momentOf(first, timezone), momentOf(second, timezone)];
  if (start && end) {
    // A day as the end is part of the period.
    const days = end.isDay
      ? momentOf(new Date(Date.parse(`${second}T12:00:00Z`) + 24 * hourMs).toJSON().slice(0, 10), timezone)
      : end;
    return days && { from: start.at, to: days.at };
  }
  const long = start ? lengthOf(second) : lengthOf(first);
  if (long === undefined) return undefined;
  if (start) return { from: start.at, to: new Date(start.at.getTime() + long) };
  return end && { from: new Date(end.at.getTime() - long), to: end.at };
};

/**
 * The span that a text means: `today` and `yesterday` in the zone, `week` (today and the six days before it), or an ISO 8601
 * interval: two moments or days, or one and a duration (`2026-11-01/2026-11-07`, `2026-11-01T08:00/PT4H`). Undefined: it is
 * none, ends before it begins, or is longer than a year.
 */
export const readPeriod = (text: string, timezone: string, now: Date): Period | undefined => {
  const word = text.trim().toLowerCase();
  if (word === "today") return { from: midnightsUpTo(now, timezone, 1)[0]!, to: now };
  if (word === "yesterday") {
    const [today, yesterday] = midnightsUpTo(now, timezone, 2);
    return { from: yesterday!, to: today! };
  }
  if (word === "week") return { from: midnightsUpTo(now, timezone, 7).at(-1)!, to: now };
  const found = interval(text.trim(), timezone);
  if (!found) return undefined;
  const length = found.to.getTime() - found.from.getTime();
  return length > 0 && length <= longestDays * 24 * hourMs ? found : undefined;
};
