import { isoDay } from "../render-text.ts";
import { optional, tenth } from "./forecast-source.ts";
import type { Condition, DayForecast } from "./weather-data.ts";

/** A forecast for a moment and the hours after it. */
export interface Moment {
  readonly at: Date;
  readonly minC: number;
  readonly maxC: number;
  readonly windKmh: number | undefined;
  readonly precipitationMm: number | undefined;
  readonly precipitationPercent: number | undefined;
  readonly condition: Condition | undefined;
}

const hour = 3_600_000;

const extreme = (values: readonly (number | undefined)[], pick: (...all: number[]) => number): number | undefined => {
  const there = values.filter((value) => value !== undefined);
  return there.length > 0 ? pick(...there) : undefined;
};

/**
 * Days on a place's calendar from forecasts for moments. A day's weather is that of its middle; days of which only the
 * night is known are left out, except the first one, whose morning may be over.
 */
export const momentsToDays = (moments: readonly Moment[], timezone: string): DayForecast[] => {
  const byDay = Map.groupBy(moments, ({ at }) => isoDay(at, timezone));
  return [...byDay.entries()].flatMap(([date, ofDay], index) => {
    const noon = ofDay.map((moment) => {
      const middle = Date.parse(`${date}T12:00:00Z`);
      // The clock of the place, as if it were UTC, to the hour.
      const shown = Date.parse(`${date}T00:00:00Z`) + hourIn(moment.at, timezone) * hour;
      return { moment, distance: Math.abs(shown - middle) };
    });
    const middle = noon.reduce((a, b) => (b.distance < a.distance ? b : a));
    if (index > 0 && middle.distance > 4 * hour) return [];
    const precipitation = ofDay.map(({ precipitationMm }) => precipitationMm).filter((value) => value !== undefined);
    return [
      {
        date,
        minC: Math.min(...ofDay.map(({ minC }) => minC)),
        maxC: Math.max(...ofDay.map(({ maxC }) => maxC)),
        ...optional(
          "precipitationMm",
          precipitation.length > 0 ? tenth(precipitation.reduce((sum, value) => sum + value, 0)) : undefined,
        ),
        ...optional(
          "precipitationPercent",
          extreme(
            ofDay.map((one) => one.precipitationPercent),
            Math.max,
          ),
        ),
        ...optional(
          "windMaxKmh",
          extreme(
            ofDay.map(({ windKmh }) => windKmh),
            Math.max,
          ),
        ),
        ...optional("condition", middle.moment.condition),
      },
    ];
  });
};

const hours = new Map<string, Intl.DateTimeFormat>();
const hourIn = (at: Date, timezone: string): number => {
  let format = hours.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "2-digit", hourCycle: "h23" });
    hours.set(timezone, format);
  }
  return Number(format.format(at));
};
