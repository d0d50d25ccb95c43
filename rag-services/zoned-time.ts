import { isoDay, knownZone } from "./render-text.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clock is ahead of UTC at a moment, in milliseconds. */
const offsetAt = (moment: number, timezone: string): number => {
  const zone = knownZone(timezone);
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1_000) * 1_000;
};

/**
 * The moment at which a zone's clocks show `local` (`yyyy-mm-ddThh:mm[:ss]`, or a day for its midnight). A time that a
 * clock change skips gives the moment after the jump; one that it repeats gives the first.
 */
export const instantOf = (local: string, timezone: string): Date => {
  const asUtc = Date.parse(`${local.length === 10 ? `${local}T00:00:00` : local}Z`);
  if (Number.isNaN(asUtc)) return new Date(Number.NaN);
  const before = asUtc - offsetAt(asUtc - 86_400_000, timezone);
  const after = asUtc - offsetAt(asUtc + 86_400_000, timezone);
  const fits = [before, after].filter((moment) => moment + offsetAt(moment, timezone) === asUtc);
  return new Date(fits.length > 0 ? Math.min(...fits) : Math.max(before, after));
};

/** The day so many days later (`yyyy-mm-dd`). */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** First moment of a day in a zone, and first moment after `lastDay` (default: the same day). */
export const dayBounds = (
  day: string,
  timezone: string,
  lastDay = day,
): { readonly from: Date; readonly to: Date } => ({
  from: instantOf(day, timezone),
  to: instantOf(addDays(lastDay, 1), timezone),
});

/** The day that a slot means: `yyyy-mm-dd` as it is, a moment (ISO 8601) as the day there; undefined for anything else. */
export const dayOfSlot = (slot: string, timezone: string): string | undefined => {
  const day = /^\d{4}-\d{2}-\d{2}$/.exec(slot)?.[0];
  const moment = new Date(day === undefined ? slot : `${day}T12:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}/.test(slot) || Number.isNaN(moment.getTime())) return undefined;
  if (day !== undefined) return moment.toISOString().startsWith(day) ? day : undefined;
  return /(Z|[+-]\d{2}:?\d{2})$/.test(slot) ? isoDay(moment, timezone) : slot.slice(0, 10);
};
