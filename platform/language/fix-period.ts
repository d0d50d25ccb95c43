import { isoOnClock } from "./iso-on-clock.ts";
import { namedPeriods, readPeriod } from "./read-period.ts";

const names: ReadonlySet<string> = new Set(namedPeriods);

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
  return `${isoOnClock(from, timezone)}/${isoOnClock(end, timezone)}`;
};
