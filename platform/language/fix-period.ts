import { namedPeriods, readPeriod } from "./read-period.ts";

const names: ReadonlySet<string> = new Set(namedPeriods);

/** A moment on the clock of a zone, with the clock's offset: `2026-11-20T00:00:00-05:00`. Milliseconds are left out. */
const onClock = (at: Date, timezone: string): string => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = "" } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${timeZoneName.slice("GMT".length) || "Z"}`;
};

/**
 * A period as `readPeriod` reads it at `now` in the zone, so that it is the same at any other time and in any other zone:
 * `yesterday` is `2026-11-19T00:00:00-05:00/2026-11-20T00:00:00-05:00`. Intervals, and what is no period, stay as they are.
 */
export const fixPeriod = (period: string, timezone: string, now: Date): string => {
  const span = names.has(period.trim().toLowerCase()) ? readPeriod(period, timezone, now) : undefined;
  if (!span) return period;
  const { from, to } = span;
  // Up to the end of this second: at midnight nothing of today is over, and an interval of nothing is none.
  const end = to < now ? to : new Date((Math.floor(to.getTime() / 1_000) + 1) * 1_000);
  return `${onClock(from, timezone)}/${onClock(end, timezone)}`;
};
