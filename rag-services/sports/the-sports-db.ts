import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { sameName } from "../match-words.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { isoDay, phrase } from "../render-text.ts";
import type { League } from "./leagues.ts";
import type { LeagueTable, Match, MatchState, SportsQuestion } from "./match.ts";
import type { SportsProvider } from "./provider.ts";

const name = "TheSportsDB";

const text = z.string().nullish();
const Team = z.object({ idTeam: z.string(), strTeam: z.string(), strSport: text, strLeague: text, idLeague: text });
const Teams = z.object({ teams: z.array(Team).nullable() });

const Event = z.object({
  idEvent: z.string(),
  strLeague: text,
  strHomeTeam: z.string(),
  strAwayTeam: z.string(),
  intHomeScore: text,
  intAwayScore: text,
  strTimestamp: text,
  dateEvent: text,
  strTime: text,
  strStatus: text,
  strPostponed: text,
  strVenue: text,
});
const asList = (list: readonly unknown[] | null) =>
  (list ?? []).flatMap((item) => {
    const parsed = Event.safeParse(item); // races and tournaments without two sides stand in the same lists
    return parsed.success ? [parsed.data] : [];
  });
const Events = z.object({ events: z.array(z.unknown()).nullable() }).transform(({ events }) => asList(events));
const Results = z.object({ results: z.array(z.unknown()).nullable() }).transform(({ results }) => asList(results));

const number = z.coerce.number();
const Row = z.object({
  intRank: number,
  strTeam: z.string(),
  intPlayed: number,
  intWin: number,
  intDraw: number,
  intLoss: number,
  intPoints: number,
  intGoalDifference: number.nullish(),
});
const Table = z.object({ table: z.array(Row).nullable() });

const finished = new Set(["match finished", "ft", "aet", "pen", "ap", "aot", "final", "after extra time", "finished"]);
const waiting = new Set(["", "ns", "not started", "tbd", "scheduled", "time to be defined"]);

const stateOf = (event: z.infer<typeof Event>, kickoff: number, now: number): MatchState => {
  const status = (event.strStatus ?? "").trim().toLowerCase();
  if (event.strPostponed === "yes" || /^(post|susp)/.test(status)) return "postponed";
  if (/^(canc|abd|awd|wo$)/.test(status)) return "cancelled";
  if (finished.has(status)) return "finished";
  if (!waiting.has(status)) return "live";
  // Smaller leagues have scores but no status.
  return event.intHomeScore && kickoff < now ? "finished" : "scheduled";
};

const toMatch = (event: z.infer<typeof Event>, now: Date): Match[] => {
  const stamp = event.strTimestamp?.trim();
  const day = event.dateEvent?.trim();
  if (!stamp && !day) return [];
  const written = stamp || `${day}T${event.strTime?.trim() || "00:00:00"}`;
  const kickoff = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(written) ? written : `${written}Z`); // UTC, without saying so
  if (Number.isNaN(kickoff.getTime())) return [];
  const state = stateOf(event, kickoff.getTime(), now.getTime());
  const played = state === "live" || state === "finished";
  const score = (value: string | null | undefined) =>
    played && value && /^\d+$/.test(value) ? Number(value) : undefined;
  const [homeScore, awayScore] = [score(event.intHomeScore), score(event.intAwayScore)];
  const status = event.strStatus?.trim();
  return [
    {
      id: `thesportsdb:${event.idEvent}`,
      league: event.strLeague ?? "",
      home: event.strHomeTeam,
      away: event.strAwayTeam,
      ...(homeScore === undefined ? {} : { homeScore }),
      ...(awayScore === undefined ? {} : { awayScore }),
      state,
      ...(state === "live" && status ? { clock: status } : {}),
      kickoff: kickoff.toISOString(),
      timeKnown: Boolean(stamp || event.strTime),
      ...(event.strVenue ? { venue: event.strVenue } : {}),
      url: `https://www.thesportsdb.com/event/${encodeURIComponent(event.idEvent)}`,
    },
  ];
};

/** The season that runs on a day, as TheSportsDB names it: split seasons change in July. */
const seasonOf = ({ season }: League, day: string): string => {
  const year = Number(day.slice(0, 4));
  if (season === "year") return String(year);
  const first = Number(day.slice(5, 7)) >= 7 ? year : year - 1;
  return `${first}-${first + 1}`;
};

type FoundTeam = z.infer<typeof Team>;

/** The team meant by a name, and what to tell the user when it could have been another. */
const chooseTeam = (teams: readonly FoundTeam[], asked: string, league: League | undefined, locale: string) => {
  const ofLeague = teams.filter(({ idLeague }) => league?.sportsDb !== undefined && idLeague === league.sportsDb);
  const candidates = ofLeague.length > 0 ? ofLeague : teams;
  const exact = candidates.filter(({ strTeam }) => sameName(strTeam, asked));
  const [team, ...others] = exact.length > 0 ? exact : candidates;
  if (team === undefined) return undefined;
  const said = ({ strTeam, strSport, strLeague }: FoundTeam) =>
    `${strTeam} (${[strSport, strLeague].filter(Boolean).join(", ")})`;
  const choice = others[0] && {
    choice: phrase(locale, {
      en: `Taken to be ${said(team)}; it could also be ${said(others[0])}.`,
      pl: `Przyjęto: ${said(team)}; mogło też chodzić o: ${said(others[0])}.`,
    }),
  };
  return { team, ...choice };
};

/** TheSportsDB: finds teams of any league by name. The key is part of the address, so addresses never get into evidence. */
export const createTheSportsDb = ({
  settings,
  outbound,
}: {
  settings: Settings;
  outbound: Outbound;
}): SportsProvider => {
  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    page: string,
    parameters: Record<string, string | undefined>,
    { permit, signal }: ServiceContext,
  ): Promise<z.output<Schema>> => {
    const path = `api/v1/json/${encodeURIComponent(settings.THESPORTSDB_API_KEY)}/${page}.php`;
    const url = providerUrl(settings.THESPORTSDB_URL, path, parameters);
    return parseReply(
      schema,
      await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs }),
      name,
    );
  };

  const ofTeam = async (question: SportsQuestion, team: FoundTeam, context: ServiceContext) => {
    const past = question.aspect !== "next" && ask(Results, "eventslast", { id: team.idTeam }, context);
    const coming = question.aspect !== "last" && ask(Events, "eventsnext", { id: team.idTeam }, context);
    return (await Promise.all([past || [], coming || []])).flat();
  };

  const ofLeague = async ({ day, aspect }: SportsQuestion, id: string, context: ServiceContext) => {
    if (aspect === "next") return ask(Events, "eventsnextleague", { id }, context);
    if (aspect === "last") return ask(Events, "eventspastleague", { id }, context);
    return ask(Events, "eventsday", { d: day ?? isoDay(context.now, context.timezone), l: id }, context);
  };

  const tableOf = async (league: League, context: ServiceContext): Promise<LeagueTable> => {
    const s = seasonOf(league, isoDay(context.now, context.timezone));
    const { table } = await ask(Table, "lookuptable", { l: league.sportsDb, s }, context);
    if (!table || table.length === 0) throw new AppError("NOT_FOUND", `${name} has no such table.`);
    const rows = table.map((row) => ({
      rank: row.intRank,
      team: row.strTeam,
      played: row.intPlayed,
      won: row.intWin,
      drawn: row.intDraw,
      lost: row.intLoss,
      points: row.intPoints,
      ...(row.intGoalDifference == null ? {} : { goalDifference: row.intGoalDifference }),
    }));
    return { league: league.name, rows, url: `https://www.thesportsdb.com/league/${league.sportsDb}` };
  };

  return {
    name,
    sourceUrl: "https://www.thesportsdb.com",
    covers: ({ team, league }) => team !== undefined || league?.sportsDb !== undefined,
    async answer(question, context) {
      const { league, team, aspect } = question;
      if (aspect === "table" && league !== undefined) return { matches: [], tables: [await tableOf(league, context)] };
      if (team === undefined) {
        if (league?.sportsDb === undefined) throw new AppError("NOT_FOUND", `${name} does not have this league.`);
        const events = await ofLeague(question, league.sportsDb, context);
        return { matches: events.flatMap((event) => toMatch(event, context.now)), tables: [] };
      }
      const { teams } = await ask(Teams, "searchteams", { t: team }, context);
      const chosen = chooseTeam(teams ?? [], team, league, context.locale);
      if (chosen === undefined) throw new AppError("NOT_FOUND", `${name} knows no such team.`);
      const events = await ofTeam(question, chosen.team, context);
      return {
        matches: events.flatMap((event) => toMatch(event, context.now)),
        tables: [],
        ...(chosen.choice === undefined ? {} : { choice: chosen.choice }),
      };
    },
  };
};
