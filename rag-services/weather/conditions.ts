import { phrase } from "../render-text.ts";
import type { Condition } from "./weather-data.ts";

const words: Readonly<Record<Condition, { readonly en: string; readonly pl: string }>> = {
  clear: { en: "clear sky", pl: "bezchmurnie" },
  mostly_clear: { en: "mostly clear", pl: "przeważnie pogodnie" },
  partly_cloudy: { en: "partly cloudy", pl: "częściowe zachmurzenie" },
  overcast: { en: "overcast", pl: "pochmurno" },
  fog: { en: "fog", pl: "mgła" },
  drizzle: { en: "drizzle", pl: "mżawka" },
  freezing_rain: { en: "freezing rain", pl: "marznący deszcz" },
  light_rain: { en: "light rain", pl: "słaby deszcz" },
  rain: { en: "rain", pl: "deszcz" },
  heavy_rain: { en: "heavy rain", pl: "silny deszcz" },
  showers: { en: "rain showers", pl: "przelotny deszcz" },
  sleet: { en: "sleet", pl: "deszcz ze śniegiem" },
  light_snow: { en: "light snow", pl: "słaby śnieg" },
  snow: { en: "snow", pl: "śnieg" },
  heavy_snow: { en: "heavy snow", pl: "silny śnieg" },
  snow_showers: { en: "snow showers", pl: "przelotny śnieg" },
  thunderstorm: { en: "thunderstorm", pl: "burza" },
};

/** A condition in words. */
export const sayCondition = (condition: Condition, locale: string): string => phrase(locale, words[condition]);

const wmo: Readonly<Record<number, Condition>> = {
  0: "clear",
  1: "mostly_clear",
  2: "partly_cloudy",
  3: "overcast",
  45: "fog",
  48: "fog",
  51: "drizzle",
  53: "drizzle",
  55: "drizzle",
  56: "freezing_rain",
  57: "freezing_rain",
  61: "light_rain",
  63: "rain",
  65: "heavy_rain",
  66: "freezing_rain",
  67: "freezing_rain",
  71: "light_snow",
  73: "snow",
  75: "heavy_snow",
  77: "light_snow",
  80: "showers",
  81: "showers",
  82: "heavy_rain",
  85: "snow_showers",
  86: "snow_showers",
  95: "thunderstorm",
  96: "thunderstorm",
  99: "thunderstorm",
};

/** A WMO weather code (Open-Meteo). */
export const conditionOfWmo = (code: number | null | undefined): Condition | undefined => wmo[code ?? -1];

/** MET Norway's symbol: the kind, with `_day`, `_night` or `_polartwilight` behind some. */
export const conditionOfSymbol = (symbol: string | undefined): Condition | undefined => {
  if (symbol === undefined) return undefined;
  const kind = symbol.replace(/_(day|night|polartwilight)$/, "");
  if (kind.includes("thunder")) return "thunderstorm";
  if (kind.includes("sleet")) return "sleet";
  if (kind.includes("snow")) {
    if (kind.includes("showers")) return "snow_showers";
    return kind.startsWith("heavy") ? "heavy_snow" : kind.startsWith("light") ? "light_snow" : "snow";
  }
  if (kind.includes("rain")) {
    if (kind.startsWith("heavy")) return "heavy_rain";
    return kind.includes("showers") ? "showers" : kind.startsWith("light") ? "light_rain" : "rain";
  }
  return (
    { clearsky: "clear", fair: "mostly_clear", partlycloudy: "partly_cloudy", cloudy: "overcast", fog: "fog" } as const
  )[kind];
};

/** OpenWeather's condition id. */
export const conditionOfOpenWeather = (id: number | undefined): Condition | undefined => {
  if (id === undefined) return undefined;
  if (id >= 200 && id < 300) return "thunderstorm";
  if (id >= 300 && id < 400) return "drizzle";
  if (id === 511) return "freezing_rain";
  if (id >= 520 && id < 600) return "showers";
  if (id >= 500 && id < 600) return id === 500 ? "light_rain" : id === 501 ? "rain" : "heavy_rain";
  if (id >= 611 && id <= 616) return "sleet";
  if (id >= 620 && id < 700) return "snow_showers";
  if (id >= 600 && id < 700) return id === 600 ? "light_snow" : id === 601 ? "snow" : "heavy_snow";
  if (id >= 700 && id < 800) return "fog";
  return ({ 800: "clear", 801: "mostly_clear", 802: "partly_cloudy", 803: "overcast", 804: "overcast" } as const)[id];
};
