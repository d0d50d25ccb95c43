import { z } from "zod";
import { parseReply, providerUrl } from "../provider.ts";
import type { ServiceDeps } from "../service-list.ts";
import { conditionOfWmo } from "./conditions.ts";
import { type ForecastSource, kmhOf, optional } from "./forecast-source.ts";
import type { CurrentWeather, DayForecast } from "./weather-data.ts";

const name = "Open-Meteo";
const measured = z.number().nullish();
const series = z.array(z.number().nullable()).optional();
const Reply = z.object({
  utc_offset_seconds: z.number(),
  current: z
    .object({
      time: z.string(),
      temperature_2m: z.number(),
      apparent_temperature: measured,
      relative_humidity_2m: measured,
      precipitation: measured,
      weather_code: measured,
      wind_speed_10m: measured,
      wind_direction_10m: measured,
    })
    .optional(),
  daily: z.object({
    time: z.array(z.string()),
    temperature_2m_max: z.array(z.number().nullable()),
    temperature_2m_min: z.array(z.number().nullable()),
    weather_code: series,
    precipitation_sum: series,
    precipitation_probability_max: series,
    wind_speed_10m_max: series,
  }),
});
type Reply = z.infer<typeof Reply>;

const currentFields =
  "temperature_2m,apparent_temperature,relative_humidity_2m,precipitation,weather_code,wind_speed_10m,wind_direction_10m";
const dailyFields =
  "weather_code,temperature_2m_max,temperature_2m_min,precipitation_sum,precipitation_probability_max,wind_speed_10m_max";

const toCurrent = ({ current, utc_offset_seconds }: Reply): CurrentWeather | undefined => {
  if (current === undefined) return undefined;
  const at = new Date(Date.parse(`${current.time.slice(0, 16)}Z`) - utc_offset_seconds * 1_000).toISOString();
  return {
    at,
    temperatureC: current.temperature_2m,
    ...optional("feelsLikeC", current.apparent_temperature),
    ...optional("humidityPercent", current.relative_humidity_2m),
    ...optional("windKmh", typeof current.wind_speed_10m === "number" ? kmhOf(current.wind_speed_10m) : undefined),
    ...optional("windFromDegrees", current.wind_direction_10m),
    ...optional("precipitationMm", current.precipitation),
    ...optional("condition", conditionOfWmo(current.weather_code)),
  };
};

const toDays = ({ daily }: Reply): DayForecast[] =>
  daily.time.flatMap((date, index) => {
    const minC = daily.temperature_2m_min[index];
    const maxC = daily.temperature_2m_max[index];
    if (typeof minC !== "number" || typeof maxC !== "number") return []; // a day beyond the models
    const wind = daily.wind_speed_10m_max?.[index];
    return [
      {
        date,
        minC,
        maxC,
        ...optional("precipitationMm", daily.precipitation_sum?.[index]),
        ...optional("precipitationPercent", daily.precipitation_probability_max?.[index]),
        ...optional("windMaxKmh", typeof wind === "number" ? kmhOf(wind) : undefined),
        ...optional("condition", conditionOfWmo(daily.weather_code?.[index])),
      },
    ];
  });

/** Forecast and present weather from Open-Meteo (no key; its data is CC BY 4.0). */
export const createOpenMeteo = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): ForecastSource => ({
  name,
  url: "https://open-meteo.com",
  horizonDays: 16,
  async forecast({ place, from, to, current }, { permit, signal, now }, timeoutMs) {
    const url = providerUrl(settings.OPEN_METEO_URL, "v1/forecast", {
      latitude: place.latitude,
      longitude: place.longitude,
      ...(current ? { current: currentFields } : {}),
      daily: dailyFields,
      wind_speed_unit: "ms",
      timezone: place.timezone,
      start_date: from,
      end_date: to,
    });
    const reply = parseReply(Reply, await outbound({ provider: name, url, permit, signal, timeoutMs }), name);
    return {
      ...optional("current", current ? toCurrent(reply) : undefined),
      days: toDays(reply),
      madeAt: now.toISOString(),
    };
  },
});
