/** A calendar day; months from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timezone: string): Intl.DateTimeFormat => {
  const known = formats.get(timezone);
  if (known) return known;
  const options = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { ...options, timeZone: timezone });
  } catch {
    // An unknown zone was refused at the edge already; here the day in UTC is better than none.
    format = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
  if (formats.size < 500) formats.set(timezone, format);
  return format;
};

const fieldsIn = (timezone: string, now: Date): Record<string, number> =>
  Object.fromEntries(
    formatOf(timezone)
      .formatToParts(now)
      .map(({ type, value }) => [type, Number(value)]),
  );

/** The day that it is in a zone. */
export const dayIn = (timezone: string, now: Date): Day => {
  const { year = 1970, month = 1, day = 1 } = fieldsIn(timezone, now);
  return { year, month, day };
};

/** Minutes by which a zone's clock is ahead of UTC. */
export const offsetMinutes = (timezone: string, now: Date): number => {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = fieldsIn(timezone, now);
  return Math.round(
    (Date.UTC(year, month - 1, day, hour, minute) - Math.floor(now.getTime() / 60_000) * 60_000) / 60_000,
  );
};

export const addDays = ({ year, month, day }: Day, days: number): Day =>
  fromUtc(new Date(Date.UTC(year, month - 1, day + days)));

const fromUtc = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

/** 0 is Sunday. */
export const weekdayOf = ({ year, month, day }: Day): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();

/** `2026-11-22`. */
export const isoDay = ({ year, month, day }: Day): string =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** The day of these numbers, when there is one (not 31 February). */
export const dayOf = (year: number, month: number, day: number): Day | undefined => {
  const made = fromUtc(new Date(Date.UTC(year, month - 1, day)));
  return made.year === year && made.month === month && made.day === day ? made : undefined;
};

export const lastOfMonth = (year: number, month: number): Day => fromUtc(new Date(Date.UTC(year, month, 0)));
