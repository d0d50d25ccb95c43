import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { htmlToText } from "../html-to-text.ts";
import { sameName } from "../match-words.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import type { Episode, Showing, Title, TitleProvider } from "./title.ts";

const name = "TVmaze";

const Channel = z.object({ name: z.string(), country: z.object({ code: z.string() }).nullish() });
const Show = z.object({
  id: z.number(),
  name: z.string(),
  url: z.string(),
  genres: z.array(z.string()).default([]),
  status: z.string().nullish(),
  premiered: z.string().nullish(),
  summary: z.string().nullish(),
  network: Channel.nullish(),
  webChannel: Channel.nullish(),
});
const RawEpisode = z.object({
  id: z.number(),
  name: z.string(),
  season: z.number(),
  number: z.number().nullish(),
  airdate: z.string(),
  airtime: z.string().nullish(),
  airstamp: z.string().nullish(),
});
const Hits = z.array(z.object({ score: z.number(), show: Show }));
const WithEpisodes = Show.extend({
  _embedded: z
    .object({
      nextepisode: RawEpisode.nullish(),
      previousepisode: RawEpisode.nullish(),
      cast: z.array(z.object({ person: z.object({ name: z.string() }), character: z.object({ name: z.string() }) })),
      seasons: z.array(z.object({ number: z.number(), episodeOrder: z.number().nullish() })),
    })
    .partial()
    .optional(),
});
const Schedule = z.array(RawEpisode.extend({ url: z.string(), show: Show }));

const toEpisode = ({
  name: title,
  season,
  number,
  airdate,
  airtime,
  airstamp,
}: z.infer<typeof RawEpisode>): Episode => {
  const at = new Date(airstamp ?? Number.NaN);
  return {
    season,
    ...(number == null ? {} : { number }),
    name: title,
    // Streamed episodes have no hour: their stamp is noon of the day.
    ...(airtime && !Number.isNaN(at.getTime()) ? { airsAt: at.toISOString() } : {}),
    day: airdate,
  };
};

const embeds = ["nextepisode", "previousepisode", "cast", "seasons"];
const mostCast = 8;

const toCast = (
  cast: readonly { readonly person: { readonly name: string }; readonly character: { readonly name: string } }[],
) => cast.slice(0, mostCast).map(({ person, character }) => ({ actor: person.name, role: character.name }));

const statusOf = (status: string | null | undefined): Title["status"] => {
  if (status === "Ended") return "ended";
  if (status === "Running") return "running";
  return status === "In Development" ? "planned" : undefined;
};

/** TVmaze: series, their episodes and channels, and what is on today (CC BY-SA: every fact links to its page). No films. */
export const createTvmaze = ({ settings, outbound }: { settings: Settings; outbound: Outbound }) => {
  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    parameters: Readonly<Record<string, string | readonly string[]>>,
    { permit, signal }: ServiceContext,
  ): Promise<z.output<Schema>> => {
    const url = providerUrl(settings.TVMAZE_URL, path);
    for (const [key, values] of Object.entries(parameters)) {
      for (const value of [values].flat()) url.searchParams.append(key, value);
    }
    return parseReply(
      schema,
      await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs }),
      name,
    );
  };

  const provider: TitleProvider = {
    name,
    credit: "TVmaze (CC BY-SA)",
    async title({ title, country }, context) {
      const hits = (await ask(Hits, "search/shows", { q: title }, context)).map(({ show }) => show);
      const best = hits.find((show) => sameName(show.name, title)) ?? hits[0];
      if (best === undefined) throw new AppError("NOT_FOUND", `${name} knows no such series.`);
      const show = await ask(WithEpisodes, `shows/${best.id}`, { "embed[]": embeds }, context);
      const { nextepisode: next, previousepisode: last, cast, seasons } = show._embedded ?? {};
      const episodes = seasons?.reduce((sum, { episodeOrder }) => sum + (episodeOrder ?? Number.NaN), 0);
      const channels = [best.network, best.webChannel].flatMap((channel) => (channel ? [channel] : []));
      const summary = htmlToText(best.summary ?? "", 500);
      const status = statusOf(best.status);
      const year = Number(best.premiered?.slice(0, 4));
      return {
        id: `tvmaze:${best.id}`,
        name: best.name,
        kind: "series",
        ...(year > 1900 ? { year } : {}),
        ...(summary === "" ? {} : { summary }),
        ...(best.genres.length === 0 ? {} : { genres: best.genres }),
        ...(status === undefined ? {} : { status }),
        ...(best.premiered ? { released: best.premiered } : {}),
        ...(next ? { next: toEpisode(next) } : {}),
        ...(last ? { last: toEpisode(last) } : {}),
        ...(cast?.length ? { cast: toCast(cast) } : {}),
        ...(seasons?.length ? { seasons: seasons.length } : {}),
        ...(episodes ? { episodes } : {}), // not a number when a season's length is unknown
        // TVmaze knows the channel that made the series, not who shows it elsewhere.
        country: channels[0]?.country?.code ?? country,
        ...(channels.length === 0
          ? {}
          : { offers: [{ way: "channel" as const, names: channels.map(({ name: channel }) => channel) }] }),
        url: best.url,
        alternatives: hits
          .filter((show) => show.id !== best.id && sameName(show.name, best.name))
          .map((show) => `${show.name} (${show.premiered?.slice(0, 4) ?? "?"})`),
      };
    },
  };

  return {
    ...provider,
    /**
     * What is on a country's channels on a day, in order of time.
     * @throws {AppError} UPSTREAM_UNAVAILABLE.
     */
    async schedule(country: string, day: string, context: ServiceContext): Promise<readonly Showing[]> {
      const shown = await ask(Schedule, "schedule", { country, date: day }, context);
      return shown.map((entry) => ({
        id: `tvmaze:episode:${entry.id}`,
        series: entry.show.name,
        episode: toEpisode(entry),
        channel: (entry.show.network ?? entry.show.webChannel)?.name ?? "",
        url: entry.url,
      }));
    },
  };
};
