import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { isoDay } from "../render-text.ts";
import { webAddress } from "../web-address.ts";
import { addDays } from "../zoned-time.ts";
import type { League } from "./leagues.ts";
import type { LeagueTable, Match, MatchState, SportsQuestion, TableRow } from "./match.ts";
import type { SportsProvider } from "./provider.ts";
import { isTeam } from "./teams.ts";

const name = "ESPN";

const Competitor = z.object({
  homeAway: z.enum(["home", "away"]),
  score: z.string().optional(),
  team: z.object({
    displayName: z.string(),
    shortDisplayName: z.string().optional(),
    abbreviation: z.string().optional(),
  }),
});

const Event = z.object({
  id: z.string(),
  date: z.string(),
  status: z.object({
    type: z.object({ name: z.string(), state: z.string(), shortDetail: z.string().optional() }),
  }),
  competitions: z
    .array(
      z.object({
        timeValid: z.boolean().optional(),
        venue: z.object({ fullName: z.string().optional() }).optional(),
        competitors: z.array(Competitor).length(2),
      }),
    )
    .min(1),
  links: z.array(z.object({ href: z.string() })).optional(),
});

// Single events are checked one by one: tournaments without two sides stand in the same list.
const Scoreboard = z.object({
  leagues: z.array(z.object({ name: z.string() })).optional(),
  events: z.array(z.unknown()),
});

const Standings = z.object({
  entries: z.array(
    z.object({
      team: z.object({ displayName: z.string() }),
      stats: z.array(z.object({ name: z.string().optional(), value: z.number().optional() })),
    }),
  ),
});
const StandingsReply = z
  .object({
    name: z.string(),
    children: z.array(z.object({ name: z.string(), standings: Standings.optional() })).optional(),
    standings: Standings.optional(),
  })
  .refine(({ children, standings }) => children !== undefined || standings !== undefined);

const stateOf = ({ name: status, state }: { name: string; state: string }): MatchState => {
  if (/POSTPONED|DELAYED_START/.test(status)) return "postponed";
  if (/CANCEL|ABANDON|FORFEIT/.test(status)) return "cancelled";
  if (state === "in") return "live";
  return state === "post" ? "finished" : "scheduled";
};

const toMatch = (raw: unknown, league: string): Match[] => {
  const parsed = Event.safeParse(raw);
  if (!parsed.success) return [];
  const { id, date, status, competitions, links } = parsed.data;
  const [competition] = competitions;
  const home = competition?.competitors.find(({ homeAway }) => homeAway === "home");
  const away = competition?.competitors.find(({ homeAway }) => homeAway === "away");
  const kickoff = new Date(date);
  if (!home || !away || Number.isNaN(kickoff.getTime())) return [];
  const state = stateOf(status.type);
  const played = state === "live" || state === "finished";
  const score = (text: string | undefined) => (played && text && /^\d+$/.test(text) ? Number(text) : undefined);
  const [homeScore, awayScore] = [score(home.score), score(away.score)];
  const url = webAddress(links?.[0]?.href);
  return [
    {
      id: `espn:${id}`,
      league,
      home: home.team.displayName,
      away: away.team.displayName,
      ...(homeScore === undefined ? {} : { homeScore }),
      ...(awayScore === undefined ? {} : { awayScore }),
      state,
      ...(state === "live" && status.type.shortDetail ? { clock: status.type.shortDetail } : {}),
      kickoff: kickoff.toISOString(),
      timeKnown: competition?.timeValid !== false,
      ...(competition?.venue?.fullName ? { venue: competition.venue.fullName } : {}),
      ...(url === undefined ? {} : { url }),
    },
  ];
};

const toRows = ({ entries }: z.infer<typeof Standings>): TableRow[] =>
  entries
    .map(({ team, stats }, index): TableRow => {
      const stat = (...names: string[]) => stats.find((entry) => entry.name && names.includes(entry.name))?.value;
      const won = stat("wins") ?? 0;
      const lost = stat("losses") ?? 0;
      const drawn = stat("ties") ?? 0;
      const points = stat("points");
      const difference = stat("pointDifferential");
      return {
        rank: stat("rank", "playoffSeed") ?? index + 1,
        team: team.displayName,
        played: stat("gamesPlayed") ?? won + drawn + lost,
        won,
        drawn,
        lost,
        ...(points === undefined ? {} : { points }),
        ...(difference === undefined ? {} : { goalDifference: difference }),
      };
    })
    .sort((left, right) => left.rank - right.rank);

/** Days that a question can be answered from: only backwards for results, only forwards for what comes. */
const windowOf = ({ aspect, day, team }: SportsQuestion, { windowDays }: League, today: string): [string, string] => {
  if (day !== undefined) return [addDays(day, -1), addDays(day, 1)]; // ESPN's days are those of US Eastern time
  if (team === undefined && aspect !== "next" && aspect !== "last") return [addDays(today, -1), addDays(today, 1)];
  return [addDays(today, aspect === "next" ? -1 : -windowDays), addDays(today, aspect === "last" ? 1 : windowDays)];
};

/**
 * ESPN's public scoreboard and tables: live and complete for the leagues it has. It has no search by team, so a team is
 * found among its league's matches and those of the cups that its clubs play in.
 */
export const createEspn = ({ settings, outbound }: { settings: Settings; outbound: Outbound }): SportsProvider => {
  const ask = (path: string, context: ServiceContext, parameters: Record<string, string | number> = {}) =>
    outbound({
      provider: name,
      url: providerUrl(settings.ESPN_URL, path, parameters),
      permit: context.permit,
      signal: context.signal,
      timeoutMs: attemptTimeoutMs,
    });

  const scoreboard = async (path: string, [from, to]: [string, string], context: ServiceContext): Promise<Match[]> => {
    const dates = `${from.replaceAll("-", "")}-${to.replaceAll("-", "")}`;
    const reply = await ask(`apis/site/v2/sports/${path}/scoreboard`, context, { dates, limit: 300 });
    const { events, leagues } = parseReply(Scoreboard, reply, name);
    return events.flatMap((event) => toMatch(event, leagues?.[0]?.name ?? ""));
  };

  const tables = async (league: League, context: ServiceContext): Promise<LeagueTable[]> => {
    const reply = parseReply(StandingsReply, await ask(`apis/v2/sports/${league.espn}/standings`, context), name);
    const groups = reply.children ?? [{ name: reply.name, standings: reply.standings }];
    return groups.flatMap(({ name: group, standings }) =>
      standings === undefined || standings.entries.length === 0
        ? []
        : [{ league: league.name, ...(groups.length > 1 ? { group } : {}), rows: toRows(standings) }],
    );
  };

  return {
    name,
    sourceUrl: "https://www.espn.com",
    covers: ({ league }) => league?.espn !== undefined,
    async answer(question, context) {
      const { league, team, aspect } = question;
      if (league?.espn === undefined) throw new AppError("NOT_FOUND", `${name} does not have this league.`);
      if (aspect === "table") {
        const found = await tables(league, context);
        const ofTeam =
          team === undefined ? found : found.filter(({ rows }) => rows.some((row) => isTeam(row.team, team)));
        if (ofTeam.length === 0) throw new AppError("NOT_FOUND", `${name} has no such table.`);
        return { matches: [], tables: ofTeam };
      }
      const days = windowOf(question, league, isoDay(context.now, context.timezone));
      const paths = [league.espn, ...(team === undefined ? [] : league.cups)];
      const [main, ...cups] = await Promise.allSettled(paths.map((path) => scoreboard(path, days, context)));
      if (main?.status !== "fulfilled") throw main?.reason;
      // A cup out of season answers with an error; the league's own matches are what counts.
      const matches = [main, ...cups].flatMap((part) => (part.status === "fulfilled" ? part.value : []));
      return {
        matches:
          team === undefined ? matches : matches.filter(({ home, away }) => isTeam(home, team) || isTeam(away, team)),
        tables: [],
      };
    },
  };
};
