import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { cutAtWord } from "../html-to-text.ts";
import { sameName } from "../match-words.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { spoken } from "../render-text.ts";
import type { Episode, Offer, Title, TitleProvider } from "./title.ts";

const name = "TMDB";

const Hit = z.object({
  id: z.number(),
  media_type: z.enum(["movie", "tv"]),
  name: z.string().optional(),
  original_name: z.string().optional(),
  title: z.string().optional(),
  original_title: z.string().optional(),
  release_date: z.string().optional(),
  first_air_date: z.string().optional(),
});
// People stand in the same list.
const Search = z.object({ results: z.array(z.unknown()) }).transform(({ results }) =>
  results.flatMap((item) => {
    const parsed = Hit.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  }),
);

const RawEpisode = z.object({
  name: z.string(),
  season_number: z.number(),
  episode_number: z.number(),
  air_date: z.string().nullish(),
});
const Services = z.array(z.object({ provider_name: z.string(), display_priority: z.number().optional() })).optional();
const Details = z.object({
  id: z.number(),
  overview: z.string().nullish(),
  genres: z.array(z.object({ name: z.string() })).default([]),
  status: z.string().nullish(),
  next_episode_to_air: RawEpisode.nullish(),
  last_episode_to_air: RawEpisode.nullish(),
  number_of_seasons: z.number().nullish(),
  number_of_episodes: z.number().nullish(),
  credits: z.object({ cast: z.array(z.object({ name: z.string(), character: z.string().nullish() })) }).optional(),
  "watch/providers": z.object({
    results: z.record(
      z.string(),
      z.object({ link: z.string(), flatrate: Services, free: Services, ads: Services, rent: Services, buy: Services }),
    ),
  }),
});

const ways = { flatrate: "subscription", free: "free", ads: "ads", rent: "rent", buy: "buy" } as const;

const toEpisode = ({ name: title, season_number, episode_number, air_date }: z.infer<typeof RawEpisode>): Episode[] =>
  air_date ? [{ season: season_number, number: episode_number, name: title, day: air_date }] : [];

const statusOf = (status: string | null | undefined): Title["status"] => {
  if (status === "Ended" || status === "Canceled") return "ended";
  if (status === "Returning Series") return "running";
  return status === "In Production" || status === "Planned" || status === "Post Production" ? "planned" : undefined;
};

const offersOf = (details: z.infer<typeof Details>, country: string): Offer[] => {
  const found = details["watch/providers"].results[country];
  return Object.entries(ways).flatMap(([key, way]) => {
    const services = found?.[key as keyof typeof ways] ?? [];
    return services.length === 0 ? [] : [{ way, names: services.map(({ provider_name }) => provider_name) }];
  });
};

/**
 * TMDB: films and series, and who streams them in a country. Its terms ask to name it, and JustWatch for where to watch. A
 * long key is a token and goes in a header, a short one is part of the address.
 */
export const createTmdb = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): TitleProvider => {
  const isToken = key.length > 40;
  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    parameters: Record<string, string>,
    { permit, signal, locale }: ServiceContext,
  ): Promise<z.output<Schema>> => {
    const language = spoken(locale) === "pl" ? "pl-PL" : "en-US";
    const reply = await outbound({
      provider: name,
      url: providerUrl(settings.TMDB_URL, `3/${path}`, {
        ...parameters,
        language,
        ...(isToken ? {} : { api_key: key }),
      }),
      ...(isToken ? { headers: { authorization: `Bearer ${key}` } } : {}),
      permit,
      signal,
      timeoutMs: attemptTimeoutMs,
    });
    return parseReply(schema, reply, name);
  };

  return {
    name,
    credit: "TMDB, JustWatch",
    async title({ title, country, aspect }, context) {
      const hits = await ask(Search, "search/multi", { query: title, include_adult: "false" }, context);
      const namesOf = (hit: z.infer<typeof Hit>) =>
        [hit.title, hit.name, hit.original_title, hit.original_name].flatMap((entry) => entry ?? []);
      const best = hits.find((hit) => namesOf(hit).some((entry) => sameName(entry, title))) ?? hits[0];
      if (best === undefined) throw new AppError("NOT_FOUND", `${name} knows no such title.`);
      const path = `${best.media_type}/${best.id}`;
      const details = await ask(Details, path, { append_to_response: "watch/providers,credits" }, context);
      const offers = offersOf(details, country);
      // Another source may know a series' channel; no other knows films.
      if (aspect === "where" && offers.length === 0 && best.media_type === "tv") {
        throw new AppError("NOT_FOUND", `${name} knows nobody who shows it there.`);
      }
      const released = best.release_date || best.first_air_date;
      const status = statusOf(details.status);
      const [next] = details.next_episode_to_air ? toEpisode(details.next_episode_to_air) : [];
      const [last] = details.last_episode_to_air ? toEpisode(details.last_episode_to_air) : [];
      const cast = (details.credits?.cast ?? [])
        .slice(0, 8)
        .map((part) => ({ actor: part.name, role: part.character ?? "" }));
      const said = namesOf(best)[0] ?? title;
      return {
        id: `tmdb:${path}`,
        name: said,
        kind: best.media_type === "tv" ? "series" : "film",
        ...(released ? { released, year: Number(released.slice(0, 4)) } : {}),
        ...(details.overview ? { summary: cutAtWord(details.overview, 500) } : {}),
        ...(details.genres.length === 0 ? {} : { genres: details.genres.map((genre) => genre.name) }),
        ...(status === undefined ? {} : { status }),
        ...(next === undefined ? {} : { next }),
        ...(last === undefined ? {} : { last }),
        ...(details.number_of_seasons ? { seasons: details.number_of_seasons } : {}),
        ...(details.number_of_episodes ? { episodes: details.number_of_episodes } : {}),
        ...(cast.length === 0 ? {} : { cast }),
        country,
        ...(offers.length === 0 ? {} : { offers }),
        url: `https://www.themoviedb.org/${path}`,
        alternatives: hits
          .filter((hit) => hit !== best && namesOf(hit).some((entry) => sameName(entry, said)))
          .map((hit) => `${namesOf(hit)[0]} (${(hit.release_date || hit.first_air_date || "?").slice(0, 4)})`),
      };
    },
  };
};
