import { z } from "zod";

/** Kinds of weather that every source's codes map to; the words for them are in `conditions.ts`. */
export const Condition = z.enum([
  "clear",
  "mostly_clear",
  "partly_cloudy",
  "overcast",
  "fog",
  "drizzle",
  "freezing_rain",
  "light_rain",
  "rain",
  "heavy_rain",
  "showers",
  "sleet",
  "light_snow",
  "snow",
  "heavy_snow",
  "snow_showers",
  "thunderstorm",
]);
export type Condition = z.infer<typeof Condition>;

/** Weather at a moment. Temperatures in °C, wind in km/h, precipitation in mm. */
export const CurrentWeather = z.object({
  at: z.iso.datetime(),
  temperatureC: z.number(),
  feelsLikeC: z.number().optional(),
  humidityPercent: z.number().optional(),
  windKmh: z.number().optional(),
  windFromDegrees: z.number().optional(),
  precipitationMm: z.number().optional(),
  condition: Condition.optional(),
});
export type CurrentWeather = z.infer<typeof CurrentWeather>;

/** Forecast for one day on the place's calendar. */
export const DayForecast = z.object({
  date: z.iso.date(),
  minC: z.number(),
  maxC: z.number(),
  precipitationMm: z.number().optional(),
  precipitationPercent: z.number().optional(),
  windMaxKmh: z.number().optional(),
  condition: Condition.optional(),
});
export type DayForecast = z.infer<typeof DayForecast>;

/** What weather evidence carries. */
export const WeatherData = z.object({
  kind: z.literal("weather"),
  place: z.object({
    name: z.string(),
    country: z.string(),
    admin1: z.string(),
    latitude: z.number(),
    longitude: z.number(),
  }),
  timezone: z.string(),
  current: CurrentWeather.optional(),
  days: z.array(DayForecast),
});
export type WeatherData = z.infer<typeof WeatherData>;
