import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { FoundPlace } from "../places/place.ts";
import { attemptTimeoutMs, firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceContext } from "../rag-service.ts";
import { formatDay, isoDay, joinList, phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { addDays } from "../zoned-time.ts";
import { askedDays } from "./asked-days.ts";
import { createGeocoding } from "./geocoding.ts";
import { createMetNorway } from "./met-norway.ts";
import { createOpenMeteo } from "./open-meteo.ts";
import { createOpenWeather } from "./open-weather.ts";
import { renderWeather, sayPlace } from "./render.ts";
import { WeatherSlots } from "./slots.ts";
import type { WeatherData } from "./weather-data.ts";

const freshMinutes = 15;
/** Time for all sources together, in milliseconds: within the default step time-out of 4 s. */
const totalTimeoutMs = 3_600;
/** Another place of the name is worth a word when it has at least this share of the population. */
const worthMentioning = 0.1;

/**
 * Weather now and forecasts: temperatures in °C, wind in km/h, precipitation in mm, days and times on the place's calendar.
 * Open-Meteo first, then MET Norway, then OpenWeather where a key is set. Places come from the shipped gazetteer; only
 * those that it does not know are asked for outside.
 */
export const createWeather = ({
  settings,
  outbound,
  places,
}: Pick<ServiceDeps, "settings" | "outbound" | "places">): RagService<WeatherSlots> => {
  const deps = { settings, outbound };
  const geocoding = createGeocoding(deps);
  const sources = [
    createOpenMeteo(deps),
    createMetNorway(deps),
    ...(settings.OPENWEATHER_API_KEY ? [createOpenWeather(deps, settings.OPENWEATHER_API_KEY)] : []),
  ];
  const horizonDays = Math.max(...sources.map((source) => source.horizonDays));

  const locate = async (slots: WeatherSlots, context: ServiceContext): Promise<FoundPlace> => {
    const { locale } = context;
    if (slots.place === undefined) {
      throw slotError("place", locale, { en: "Which place do you mean?", pl: "O które miejsce chodzi?" });
    }
    const name = slots.place;
    const known = places.resolve(name, locale) ?? places.find(name, locale)[0];
    if (known !== undefined) return known;
    await checkSlots(context.permit, slots); // only now do the user's own words leave
    const asked = await firstThatAnswers([geocoding], (one) => one.locate(name, context, attemptTimeoutMs), context);
    return asked.value;
  };

  /** Says which of several places of note was taken. */
  const choiceOf = ({ place, alternatives }: FoundPlace, locale: string): Degraded[] => {
    const others = alternatives
      .filter(({ population }) => population >= place.population * worthMentioning)
      .slice(0, 3);
    if (others.length === 0) return [];
    const names = joinList(
      others.map((other) => sayPlace(other, locale)),
      locale,
    );
    const reason = phrase(locale, {
      en: `I took ${sayPlace(place, locale)}; there are others: ${names}.`,
      pl: `Wybieram: ${sayPlace(place, locale)}; są też inne: ${names}.`,
    });
    return [{ part: "weather", reason }];
  };

  return {
    id: "weather",
    intents: ["weather"],
    slots: WeatherSlots,
    providers: sources.map(({ name }) => name),
    async query(slots, context) {
      context.signal.throwIfAborted();
      const { locale, now, timezone } = context;
      const found = await locate(slots, context);
      const { place } = found;
      const { from, to, current, cut } = askedDays(slots, place.timezone, horizonDays, context);
      const today = isoDay(now, place.timezone);
      const able = sources.filter((source) => from < addDays(today, source.horizonDays));
      const timeoutMs = Math.floor(totalTimeoutMs / able.length);
      const { value, provider, degraded } = await firstThatAnswers(
        able,
        async (source) => {
          const forecast = await source.forecast({ place, from, to, current }, context, timeoutMs);
          if (forecast.days.length > 0 || forecast.current !== undefined) return forecast;
          throw new AppError("UPSTREAM_UNAVAILABLE", `${source.name} has no forecast for these days.`);
        },
        context,
      );
      const data: WeatherData = {
        kind: "weather",
        place: {
          name: place.name,
          country: place.country,
          admin1: place.admin1,
          latitude: place.latitude,
          longitude: place.longitude,
        },
        timezone: place.timezone,
        ...(value.current === undefined ? {} : { current: value.current }),
        days: [...value.days],
      };
      const evidence: FoundEvidence = {
        service: "weather",
        title: `Weather in ${sayPlace(data.place, "en")}`,
        text: "",
        data: { ...data },
        sourceName: provider.name,
        sourceUrl: provider.url,
        observedAt: value.current?.at ?? value.madeAt,
        expiresAt: new Date(now.getTime() + freshMinutes * 60_000).toISOString(),
        score: 1,
      };
      const lastKnown = value.days.at(-1)?.date ?? from;
      const isShort = cut || lastKnown < to;
      const short: Degraded[] = isShort
        ? [
            {
              part: "weather",
              reason: phrase(locale, {
                en: `The forecast covers ${formatDay(from, locale)} to ${formatDay(lastKnown, locale)} only.`,
                pl: `Prognoza obejmuje tylko dni od: ${formatDay(from, locale)} do: ${formatDay(lastKnown, locale)}.`,
              }),
            },
          ]
        : [];
      return {
        evidence: [{ ...evidence, text: renderWeather([evidence], "en", timezone) }],
        degraded: [...degraded, ...choiceOf(found, locale), ...short],
      };
    },
    render: renderWeather,
  };
};
