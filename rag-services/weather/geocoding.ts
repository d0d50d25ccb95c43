import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import type { FoundPlace, Place } from "../places/place.ts";
import { parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { phrase, spoken } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";

const name = "Open-Meteo";
const Reply = z.object({
  results: z
    .array(
      z.object({
        id: z.number(),
        name: z.string(),
        latitude: z.number(),
        longitude: z.number(),
        country_code: z.string().default(""),
        admin1: z.string().default(""),
        population: z.number().default(0),
        timezone: z.string().default("UTC"),
      }),
    )
    .default([]),
  // Present in every answer of theirs: tells an empty result from another page.
  generationtime_ms: z.number(),
});

const toPlace = (found: z.infer<typeof Reply>["results"][number]): Place => {
  const { id, name: title, latitude, longitude, country_code: country, admin1, population, timezone } = found;
  return { id, name: title, country, admin1, latitude, longitude, population, timezone };
};

/** Places that the shipped gazetteer does not know, from Open-Meteo's geocoding (no key). */
export const createGeocoding = ({ settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">) => ({
  name,
  /** @throws {AppError} NOT_FOUND when nobody knows the place; UPSTREAM_UNAVAILABLE. */
  async locate(place: string, { permit, signal, locale }: ServiceContext, timeoutMs: number): Promise<FoundPlace> {
    const url = providerUrl(settings.OPEN_METEO_GEOCODING_URL, "v1/search", {
      name: place,
      count: 5,
      language: spoken(locale),
      format: "json",
    });
    const { results } = parseReply(Reply, await outbound({ provider: name, url, permit, signal, timeoutMs }), name);
    const [first, ...others] = results.map(toPlace).sort((a, b) => b.population - a.population);
    if (first !== undefined) return { place: first, alternatives: others, matched: place };
    throw new AppError(
      "NOT_FOUND",
      phrase(locale, {
        en: `I know no place called "${place}".`,
        pl: `Nie znam miejsca o nazwie „${place}”.`,
      }),
      { field: "place" },
    );
  },
});
