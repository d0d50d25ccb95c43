import { usStateName } from "../places/regions.ts";
import type { FoundEvidence } from "../rag-service.ts";
import { countryName, formatDay, formatNumber, formatTime, phrase, sourceLine } from "../render-text.ts";
import { sayCondition } from "./conditions.ts";
import { type CurrentWeather, type DayForecast, WeatherData } from "./weather-data.ts";

/** Fahrenheit and miles are added where people think in them. */
const isAmerican = (locale: string): boolean => /^en-US\b/i.test(locale);

const degrees = (celsius: number, locale: string): string => {
  const shown = `${formatNumber(celsius, locale)} °C`;
  return isAmerican(locale) ? `${formatNumber(celsius * 1.8 + 32, locale)} °F (${shown})` : shown;
};

const range = (minC: number, maxC: number, locale: string): string => {
  const from = formatNumber(minC, locale);
  const to = degrees(maxC, locale);
  if (isAmerican(locale)) return `${degrees(minC, locale)} to ${to}`;
  return phrase(locale, { en: `${from} to ${to}`, pl: `od ${from} do ${to}` });
};

const speed = (kmh: number, locale: string): string => {
  const shown = `${formatNumber(kmh, locale)} km/h`;
  return isAmerican(locale) ? `${formatNumber(kmh / 1.609344, locale)} mph (${shown})` : shown;
};

/** "Springfield, Missouri, United States": enough to tell places of one name apart. */
export const sayPlace = ({ name, country, admin1 }: WeatherData["place"], locale: string): string => {
  const state = country === "US" ? usStateName(admin1) : undefined;
  return [name, state, country && countryName(country, locale)].filter(Boolean).join(", ");
};

const sayCurrent = (current: CurrentWeather, locale: string): string => {
  const { temperatureC, feelsLikeC, humidityPercent, windKmh, condition } = current;
  const parts = [
    degrees(temperatureC, locale),
    feelsLikeC !== undefined && Math.round(feelsLikeC) !== Math.round(temperatureC)
      ? phrase(locale, {
          en: `feels like ${degrees(feelsLikeC, locale)}`,
          pl: `odczuwalna ${degrees(feelsLikeC, locale)}`,
        })
      : undefined,
    condition && sayCondition(condition, locale),
    windKmh === undefined
      ? undefined
      : phrase(locale, { en: `wind ${speed(windKmh, locale)}`, pl: `wiatr ${speed(windKmh, locale)}` }),
    humidityPercent === undefined
      ? undefined
      : phrase(locale, {
          en: `humidity ${formatNumber(humidityPercent, locale)}%`,
          pl: `wilgotność ${formatNumber(humidityPercent, locale)}%`,
        }),
  ];
  return parts.filter(Boolean).join(", ");
};

const sayDay = (day: DayForecast, locale: string): string => {
  const { minC, maxC, precipitationMm, precipitationPercent, windMaxKmh, condition } = day;
  const chance =
    precipitationPercent === undefined
      ? ""
      : phrase(locale, {
          en: ` (probability ${formatNumber(precipitationPercent, locale)}%)`,
          pl: ` (prawdopodobieństwo ${formatNumber(precipitationPercent, locale)}%)`,
        });
  const amount = precipitationMm === undefined ? undefined : `${formatNumber(precipitationMm, locale, 1)} mm${chance}`;
  const parts = [
    condition && sayCondition(condition, locale),
    range(minC, maxC, locale),
    amount && phrase(locale, { en: `precipitation ${amount}`, pl: `opady ${amount}` }),
    windMaxKmh === undefined
      ? undefined
      : phrase(locale, { en: `wind up to ${speed(windMaxKmh, locale)}`, pl: `wiatr do ${speed(windMaxKmh, locale)}` }),
  ];
  return parts.filter(Boolean).join(", ");
};

const sayWeather = (data: WeatherData, locale: string): string => {
  const { place, timezone, current, days } = data;
  const where = sayPlace(place, locale);
  const lines: string[] = [];
  if (current !== undefined) {
    const at = formatTime(new Date(current.at), locale, timezone);
    const what = sayCurrent(current, locale);
    lines.push(
      phrase(locale, {
        en: `Weather in ${where}, at ${at} local time: ${what}.`,
        pl: `Pogoda: ${where}, godz. ${at} czasu miejscowego: ${what}.`,
      }),
    );
  }
  for (const [index, day] of days.entries()) {
    const date = formatDay(day.date, locale);
    const what = sayDay(day, locale);
    const isNew = index === 0 && current === undefined;
    lines.push(
      isNew
        ? phrase(locale, {
            en: `Forecast for ${where}, ${date}: ${what}.`,
            pl: `Prognoza: ${where}, ${date}: ${what}.`,
          })
        : `${date[0]?.toUpperCase()}${date.slice(1)}: ${what}.`,
    );
  }
  return lines.join(" ");
};

/** Weather in words: °C and km/h (with °F and mph for `en-US`), times on the place's clocks, then source and time. */
export const renderWeather = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string =>
  evidence
    .map((item) => {
      const parsed = WeatherData.safeParse(item.data);
      if (!parsed.success) return item.text;
      return `${sayWeather(parsed.data, locale)} ${sourceLine([item], locale, parsed.data.timezone || timezone)}`;
    })
    .join("\n");
