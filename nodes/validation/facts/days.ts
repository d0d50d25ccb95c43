const clocks = new Map<string, Intl.DateTimeFormat | undefined>();

// Making a formatter costs far more than using it; zones come from data as well, so their number is bounded.
const clockOf = (timezone: string): Intl.DateTimeFormat | undefined => {
  if (clocks.has(timezone)) return clocks.get(timezone);
  let clock: Intl.DateTimeFormat | undefined;
  try {
    clock = new Intl.DateTimeFormat("en-CA", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
  } catch {
    clock = undefined;
  }
  if (clocks.size > 600) clocks.clear();
  clocks.set(timezone, clock);
  return clock;
};

/** A moment as a wall clock in a zone shows it. */
export interface LocalMoment {
  /** `yyyy-mm-dd`. */
  readonly day: string;
  readonly minutes: number;
}

const moments = new Map<string, LocalMoment | undefined>();
const mostMoments = 5_000;

/** The day and time in a zone; undefined for a zone that nobody knows. */
export const localMoment = (epoch: number, timezone: string): LocalMoment | undefined => {
  // Every rule asks of the same few moments.
  const key = `${epoch} ${timezone}`;
  if (moments.has(key)) return moments.get(key);
  const moment = findMoment(epoch, timezone);
  if (moments.size >= mostMoments) moments.clear();
  moments.set(key, moment);
  return moment;
};

const findMoment = (epoch: number, timezone: string): LocalMoment | undefined => {
  const clock = clockOf(timezone);
  if (clock === undefined || !Number.isFinite(epoch)) return undefined;
  const parts = clock.formatToParts(epoch);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "0";
  return { day: `${of("year")}-${of("month")}-${of("day")}`, minutes: Number(of("hour")) * 60 + Number(of("minute")) };
};

/** A day some days away. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** 0 is Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** `yyyy-mm-dd` of parts; undefined when no calendar has it. */
export const dayOf = (year: number, month: number, day: number): string | undefined => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : undefined;
};

/** The moments that a weather report gives as day, hour and minute in UTC ("190530Z"), nearest to a known one. */
export const zuluMoments = (text: string, now: number): number[] =>
  [...text.matchAll(/(?<![\p{L}\d])([0-3]\d)([0-2]\d)([0-5]\d)Z(?![\p{L}\d])/gu)]
    .slice(0, 50)
    .flatMap(([, day, hour, minute]) => {
      const at = new Date(now);
      const near = [-1, 0, 1].map((months) =>
        Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, Number(day), Number(hour), Number(minute)),
      );
      return near.reduce((best, each) => (Math.abs(each - now) < Math.abs(best - now) ? each : best));
    });
