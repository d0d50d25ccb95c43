import type { Place } from "../places/place.ts";
import type { ServiceContext } from "../rag-service.ts";
import type { CurrentWeather, DayForecast } from "./weather-data.ts";

/** Days on the place's calendar, inclusive, and whether the weather now is wanted as well. */
export interface ForecastQuery {
  readonly place: Pick<Place, "latitude" | "longitude" | "timezone">;
  readonly from: string;
  readonly to: string;
  readonly current: boolean;
}

export interface Forecast {
  readonly current?: CurrentWeather;
  /** Days that the source knows, in order; at least one unless only the present was wanted. */
  readonly days: readonly DayForecast[];
  /** When the source made it (ISO 8601, UTC). */
  readonly madeAt: string;
}

/** A source of forecasts. */
export interface ForecastSource {
  readonly name: string;
  /** Page for people, as the source's terms ask to be named. */
  readonly url: string;
  /** Days ahead that it covers, today included. */
  readonly horizonDays: number;
  /** @throws {AppError} UPSTREAM_UNAVAILABLE; EGRESS_BLOCKED. */
  forecast(query: ForecastQuery, context: ServiceContext, timeoutMs: number): Promise<Forecast>;
}

/** Metres per second as km/h, to the tenth. */
export const kmhOf = (metresPerSecond: number): number => Math.round(metresPerSecond * 36) / 10;

/** Rounded to the tenth. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** `{ [key]: value }`, or nothing when there is no value: for fields that may be absent. */
export const optional = <Key extends string, Value>(key: Key, value: Value | null | undefined) =>
  (value === null || value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
