import { z } from "zod";
import { parseReply, providerUrl } from "../provider.ts";
import type { ServiceDeps } from "../service-list.ts";
import { conditionOfOpenWeather } from "./conditions.ts";
import { type ForecastQuery, type ForecastSource, kmhOf, optional } from "./forecast-source.ts";
import { type Moment, momentsToDays } from "./moments-to-days.ts";
import type { CurrentWeather } from "./weather-data.ts";

const name = "OpenWeather";
const Weather = z.array(z.object({ id: z.number() }));
const Wind = z.object({ speed: z.number().optional(), deg: z.number().optional() }).optional();
const Amount = z.object({ "1h": z.number().optional(), "3h": z.number().optional() }).optional();
const Main = z.object({
  temp: z.number(),
  feels_like: z.number().optional(),
  temp_min: z.number(),
  temp_max: z.number(),
  humidity: z.number().optional(),
});
const Now = z.object({ dt: z.number(), main: Main, weather: Weather, wind: Wind, rain: Amount, snow: Amount });
const Ahead = z.object({
  list: z.array(
    z.object({
      dt: z.number(),
      main: Main,
      weather: Weather,
      wind: Wind,
      rain: Amount,
      snow: Amount,
      pop: z.number().optional(),
    }),
  ),
});

const toCurrent = ({ dt, main, weather, wind, rain, snow }: z.infer<typeof Now>): CurrentWeather => ({
  at: new Date(dt * 1_000).toISOString(),
  temperatureC: main.temp,
  ...optional("feelsLikeC", main.feels_like),
  ...optional("humidityPercent", main.humidity),
  ...optional("windKmh", wind?.speed === undefined ? undefined : kmhOf(wind.speed)),
  ...optional("windFromDegrees", wind?.deg),
  precipitationMm: (rain?.["1h"] ?? 0) + (snow?.["1h"] ?? 0),
  ...optional("condition", conditionOfOpenWeather(weather[0]?.id)),
});

const toMoment = ({ dt, main, weather, wind, rain, snow, pop }: z.infer<typeof Ahead>["list"][number]): Moment => ({
  at: new Date(dt * 1_000),
  minC: main.temp_min,
  maxC: main.temp_max,
  windKmh: wind?.speed === undefined ? undefined : kmhOf(wind.speed),
  precipitationMm: (rain?.["3h"] ?? 0) + (snow?.["3h"] ?? 0),
  precipitationPercent: pop === undefined ? undefined : Math.round(pop * 100),
  condition: conditionOfOpenWeather(weather[0]?.id),
});

/** Present weather and forecast in steps of three hours from OpenWeather (key). */
export const createOpenWeather = (
  { settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">,
  key: string,
): ForecastSource => ({
  name,
  url: "https://openweathermap.org",
  horizonDays: 5,
  async forecast({ place, from, to, current }: ForecastQuery, { permit, signal, now }, timeoutMs) {
    const at = { lat: place.latitude, lon: place.longitude, units: "metric", appid: key };
    const ask = async <Schema extends z.ZodType>(path: string, schema: Schema) => {
      const url = providerUrl(settings.OPENWEATHER_URL, path, at);
      return parseReply(schema, await outbound({ provider: name, url, permit, signal, timeoutMs }), name);
    };
    const [present, ahead] = await Promise.all([
      current ? ask("data/2.5/weather", Now) : undefined,
      ask("data/2.5/forecast", Ahead),
    ]);
    const days = momentsToDays(ahead.list.map(toMoment), place.timezone);
    return {
      ...optional("current", present && toCurrent(present)),
      days: days.filter(({ date }) => date >= from && date <= to),
      madeAt: now.toISOString(),
    };
  },
});
