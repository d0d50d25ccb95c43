import type { FoundEvidence } from "../rag-service.ts";
import {
  countOf,
  countryName,
  formatDate,
  formatDay,
  formatTime,
  joinList,
  phrase,
  sourceLine,
} from "../render-text.ts";
import type { Episode, Offer, Showing, Title, TitleAspect } from "./title.ts";

/** What a piece of streaming evidence holds in `data`. */
export type StreamingData =
  | { readonly kind: "title"; readonly aspect: TitleAspect; readonly title: Title }
  | { readonly kind: "showing"; readonly showing: Showing };

const ways: Readonly<Record<Offer["way"], { readonly en: string; readonly pl: string }>> = {
  subscription: { en: "with a subscription", pl: "w abonamencie" },
  free: { en: "free", pl: "za darmo" },
  ads: { en: "free with ads", pl: "za darmo z reklamami" },
  rent: { en: "to rent", pl: "do wypożyczenia" },
  buy: { en: "to buy", pl: "do kupienia" },
  channel: { en: "on its channel", pl: "na swoim kanale" },
};

const episodeName = ({ season, number, name }: Episode, locale: string): string => {
  const place = phrase(locale, {
    en: number === undefined ? `season ${season}` : `season ${season}, episode ${number}`,
    pl: number === undefined ? `sezon ${season}` : `sezon ${season}, odcinek ${number}`,
  });
  return `${place} (“${name}”)`;
};

const airing = ({ airsAt, day }: Episode, locale: string, timezone: string): string => {
  if (airsAt === undefined) return /^\d{4}-\d{2}-\d{2}$/.test(day) ? formatDay(day, locale) : day;
  const at = new Date(airsAt);
  const [date, time] = [formatDate(at, locale, timezone), formatTime(at, locale, timezone)];
  return phrase(locale, { en: `${date} at ${time}`, pl: `${date}, godz. ${time}` });
};

const whereSentence = ({ name, country, offers }: Title, locale: string): string => {
  if (offers === undefined || offers.length === 0) {
    return phrase(locale, {
      en: `Where ${name} can be watched is not known.`,
      pl: `Nie wiadomo, gdzie można obejrzeć: ${name}.`,
    });
  }
  const [channel] = offers;
  if (channel?.way === "channel") {
    const list = joinList(channel.names, locale);
    return phrase(locale, { en: `${name} is shown by ${list}.`, pl: `${name}: nadaje ${list}.` });
  }
  const said = offers.map(({ way, names }) => `${joinList(names, locale)} (${phrase(locale, ways[way])})`).join("; ");
  const where = country === undefined ? "" : ` (${countryName(country, locale)})`;
  return phrase(locale, {
    en: `${name} can be watched on${where}: ${said}.`,
    pl: `${name} można obejrzeć${where}: ${said}.`,
  });
};

const whenSentence = (title: Title, locale: string, timezone: string): string => {
  const { name, next, last, released, kind, status } = title;
  const lines: string[] = [];
  if (next !== undefined) {
    const [episode, when] = [episodeName(next, locale), airing(next, locale, timezone)];
    lines.push(
      phrase(locale, {
        en: `${name}: next is ${episode}, ${when}.`,
        pl: `${name}: następny jest ${episode}, ${when}.`,
      }),
    );
  } else if (kind === "series") {
    const ended = phrase(locale, { en: `${name} has ended.`, pl: `${name}: serial zakończony.` });
    const open = phrase(locale, {
      en: `${name}: no coming episode is announced.`,
      pl: `${name}: nie zapowiedziano kolejnego odcinka.`,
    });
    lines.push(status === "ended" ? ended : open);
  }
  if (last !== undefined) {
    const [episode, when] = [episodeName(last, locale), airing(last, locale, timezone)];
    lines.push(phrase(locale, { en: `The last one was ${episode}, ${when}.`, pl: `Ostatni był ${episode}, ${when}.` }));
  }
  if (kind === "film" && released !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(released)) {
    const day = formatDay(released, locale);
    lines.push(phrase(locale, { en: `${name}: released ${day}.`, pl: `${name}: premiera ${day}.` }));
  }
  return lines.join(" ");
};

const aboutSentence = ({ name, kind, year, genres, summary }: Title, locale: string): string => {
  const what = phrase(locale, kind === "film" ? { en: "film", pl: "film" } : { en: "series", pl: "serial" });
  const facts = [what, year, ...(genres ?? [])].filter(Boolean).join(", ");
  return `${name} (${facts})${summary === undefined ? "." : `: ${summary}`}`;
};

const castSentence = ({ name, cast }: Title, locale: string): string => {
  if (cast === undefined) {
    return phrase(locale, { en: `Who plays in ${name} is not known.`, pl: `Nie wiadomo, kto gra w: ${name}.` });
  }
  const list = joinList(
    cast.map(({ actor, role }) => (role ? `${actor} (${role})` : actor)),
    locale,
  );
  return phrase(locale, { en: `In ${name} play ${list}.`, pl: `${name}, obsada: ${list}.` });
};

const episodesSentence = ({ name, seasons, episodes }: Title, locale: string): string => {
  if (seasons === undefined) {
    return phrase(locale, {
      en: `How many seasons ${name} has is not known.`,
      pl: `Nie wiadomo, ile sezonów ma ${name}.`,
    });
  }
  const parts = [
    countOf(seasons, locale, {
      en: { one: "season", other: "seasons" },
      pl: { one: "sezon", few: "sezony", many: "sezonów", other: "sezonu" },
    }),
    ...(episodes === undefined
      ? []
      : [
          countOf(episodes, locale, {
            en: { one: "episode", other: "episodes" },
            pl: { one: "odcinek", few: "odcinki", many: "odcinków", other: "odcinka" },
          }),
        ]),
  ];
  return phrase(locale, {
    en: `${name} has ${joinList(parts, locale)}.`,
    pl: `${name} ma ${joinList(parts, locale)}.`,
  });
};

/** One title in words, by what was asked of it. */
export const titleSentence = (title: Title, aspect: TitleAspect, locale: string, timezone: string): string => {
  if (aspect === "where") return whereSentence(title, locale);
  if (aspect === "when") return whenSentence(title, locale, timezone) || aboutSentence(title, locale);
  if (aspect === "cast") return castSentence(title, locale);
  if (aspect === "episodes" && title.kind === "series") return episodesSentence(title, locale);
  return aboutSentence(title, locale);
};

/** One showing in words: "20:05 TVP1: Ranczo, season 1, episode 2 (“…”)." */
export const showingSentence = ({ series, episode, channel }: Showing, locale: string, timezone: string): string => {
  const time = episode.airsAt === undefined ? "" : `${formatTime(new Date(episode.airsAt), locale, timezone)} `;
  return `${time}${channel ? `${channel}: ` : ""}${series}, ${episodeName(episode, locale)}.`;
};

const isStreamingData = (data: unknown): data is StreamingData =>
  typeof data === "object" && data !== null && "kind" in data && (data.kind === "title" || data.kind === "showing");

/** Titles and showings in sentences, one a line, then the source and its time. */
export const renderStreaming = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const lines = evidence.flatMap(({ data }) => {
    if (!isStreamingData(data)) return [];
    return data.kind === "title"
      ? [titleSentence(data.title, data.aspect, locale, timezone)]
      : [showingSentence(data.showing, locale, timezone)];
  });
  return lines.length === 0 ? "" : [...lines, sourceLine(evidence, locale, timezone)].join("\n");
};
