import { z } from "zod";
import { parseReply, providerUrl } from "../provider.ts";
import type { ServiceDeps } from "../service-list.ts";
import { conditionOfSymbol } from "./conditions.ts";
import { type ForecastSource, kmhOf, optional } from "./forecast-source.ts";
import { type Moment, momentsToDays } from "./moments-to-days.ts";
import type { CurrentWeather } from "./weather-data.ts";

const name = "MET Norway";
const Ahead = z
  .object({
    summary: z.object({ symbol_code: z.string() }).optional(),
    details: z.object({ precipitation_amount: z.number().optional() }).optional(),
  })
  .optional();
const Reply = z.object({
  properties: z.object({
    meta: z.object({ updated_at: z.iso.datetime({ offset: true }) }),
    timeseries: z
      .array(
        z.object({
          time: z.iso.datetime({ offset: true }),
          data: z.object({
            instant: z.object({
              details: z.object({
                air_temperature: z.number(),
                relative_humidity: z.number().optional(),
                wind_speed: z.number().optional(),
                wind_from_direction: z.number().optional(),
              }),
            }),
            next_1_hours: Ahead,
            next_6_hours: Ahead,
            next_12_hours: Ahead,
          }),
        }),
      )
      .min(1),
  }),
});
type Step = z.infer<typeof Reply>["properties"]["timeseries"][number];

const symbolOf = ({ data }: Step): string | undefined =>
  (data.next_6_hours ?? data.next_1_hours ?? data.next_12_hours)?.summary?.symbol_code;

const toMoment = (step: Step): Moment => {
  const { air_temperature, wind_speed } = step.data.instant.details;
  return {
    at: new Date(step.time),
    minC: air_temperature,
    maxC: air_temperature,
    windKmh: wind_speed === undefined ? undefined : kmhOf(wind_speed),
    // Hourly steps have both: the sum of hours must not count the six hours as well.
    precipitationMm: (step.data.next_1_hours ?? step.data.next_6_hours)?.details?.precipitation_amount,
    precipitationPercent: undefined,
    condition: conditionOfSymbol(symbolOf(step)),
  };
};

const toCurrent = (step: Step): CurrentWeather => {
  const { air_temperature, relative_humidity, wind_speed, wind_from_direction } = step.data.instant.details;
  return {
    at: new Date(step.time).toISOString(),
    temperatureC: air_temperature,
    ...optional("humidityPercent", relative_humidity),
    ...optional("windKmh", wind_speed === undefined ? undefined : kmhOf(wind_speed)),
    ...optional("windFromDegrees", wind_from_direction),
    ...optional("precipitationMm", step.data.next_1_hours?.details?.precipitation_amount),
    ...optional("condition", conditionOfSymbol(step.data.next_1_hours?.summary?.symbol_code ?? symbolOf(step))),
  };
};

/** Forecast from MET Norway (no key; its terms: a User-Agent that names the application, at most four decimals). */
export const createMetNorway = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): ForecastSource => ({
  name,
  url: "https://www.met.no",
  horizonDays: 9,
  async forecast({ place, from, to, current }, { permit, signal, now }, timeoutMs) {
    const url = providerUrl(settings.MET_NORWAY_URL, "weatherapi/locationforecast/2.0/compact", {
      lat: place.latitude.toFixed(4),
      lon: place.longitude.toFixed(4),
    });
    const reply = parseReply(Reply, await outbound({ provider: name, url, permit, signal, timeoutMs }), name);
    const { meta, timeseries } = reply.properties;
    // The step in force now: the last that has begun, else the first.
    const present = timeseries.findLast(({ time }) => Date.parse(time) <= now.getTime()) ?? timeseries[0];
    return {
      ...optional("current", current && present ? toCurrent(present) : undefined),
      days: momentsToDays(timeseries.map(toMoment), place.timezone).filter(({ date }) => date >= from && date <= to),
      madeAt: new Date(meta.updated_at).toISOString(),
    };
  },
});
