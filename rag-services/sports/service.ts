import { z } from "zod";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceAnswer, ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { dayOfSlot } from "../zoned-time.ts";
import { createEspn } from "./espn.ts";
import { type League, leagueNamed } from "./leagues.ts";
import type { LeagueTable, SportsQuestion } from "./match.ts";
import type { SportsProvider } from "./provider.ts";
import { matchSentence, renderSports, type SportsData, tableSentence } from "./render.ts";
import { type SelectedMatch, selectMatches } from "./select-matches.ts";
import { isTeam, teamNamed } from "./teams.ts";
import { createTheSportsDb } from "./the-sports-db.ts";

export const SportsSlots = z.object({
  team: z.string().trim().min(1).max(100).optional().describe("A team or club, e.g. 'Arsenal'"),
  league: z.string().trim().min(1).max(100).optional().describe("A league or cup, e.g. 'Premier League'"),
  aspect: z.enum(["next", "last", "score", "table"]).optional().catch(undefined),
  date: z.string().trim().max(40).optional().describe("A day, yyyy-mm-dd"),
});
export type SportsSlots = z.infer<typeof SportsSlots>;

const liveSeconds = 30;
const restSeconds = 900;

/**
 * Puts names to their league.
 * @throws {AppError} INVALID_INPUT when neither team nor league is named, or the day cannot be read; NOT_FOUND for an unknown league.
 */
const toQuestion = ({ team, league, aspect, date }: SportsSlots, context: ServiceContext): SportsQuestion => {
  const { locale, timezone } = context;
  if (team === undefined && league === undefined) {
    throw slotError("team", locale, {
      en: "Which team or league do you mean?",
      pl: "O którą drużynę lub ligę chodzi?",
    });
  }
  const day = date === undefined ? undefined : dayOfSlot(date, timezone);
  if (date !== undefined && day === undefined) {
    throw slotError("date", locale, { en: "Which day do you mean?", pl: "O który dzień chodzi?" });
  }
  // People call a league a team and the other way round ("how did Ekstraklasa end").
  const named: League | undefined = leagueNamed(league ?? "") ?? leagueNamed(team ?? "");
  const asTeam =
    team !== undefined && leagueNamed(team) !== undefined ? undefined : (team ?? (named ? undefined : league));
  const known = asTeam === undefined ? undefined : teamNamed(asTeam);
  const found = named ?? known?.league;
  const asked = known?.name ?? asTeam;
  return {
    ...(asked === undefined ? {} : { team: asked }),
    ...(found === undefined ? {} : { league: found }),
    ...(aspect === undefined ? {} : { aspect }),
    ...(day === undefined ? {} : { day }),
  };
};

/**
 * Live scores, results, coming matches and tables; times in the user's zone.
 *
 * ESPN is asked first where it has the league: its scores are live and its lists whole, while TheSportsDB's free key shows
 * few matches. TheSportsDB knows teams of any league and takes over for the rest.
 */
export const createSports = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<SportsSlots> => {
  const providers: readonly SportsProvider[] = [
    createEspn({ settings, outbound }),
    createTheSportsDb({ settings, outbound }),
  ];

  const nothing = ({ team, league }: SportsQuestion, locale: string): AppError => {
    const what = team ?? league?.name ?? "";
    return new AppError(
      "NOT_FOUND",
      phrase(locale, { en: `I found no matches for "${what}".`, pl: `Nie znalazłem meczów dla „${what}”.` }),
    );
  };

  const evidenceOf = (
    provider: SportsProvider,
    { now }: ServiceContext,
    piece: {
      readonly title: string;
      readonly text: string;
      readonly data: SportsData;
      readonly url: string | undefined;
    },
    freshSeconds: number,
  ): FoundEvidence => ({
    service: "sports",
    title: piece.title,
    text: piece.text,
    data: { ...piece.data },
    sourceName: provider.name,
    sourceUrl: piece.url ?? provider.sourceUrl,
    observedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + freshSeconds * 1_000).toISOString(),
    score: 1,
  });

  const matchEvidence = (provider: SportsProvider, context: ServiceContext, selected: SelectedMatch): FoundEvidence =>
    evidenceOf(
      provider,
      context,
      {
        title: `${selected.match.home} – ${selected.match.away}`,
        text: matchSentence(selected, context.locale, context.timezone),
        data: { kind: "match", ...selected },
        url: selected.match.url,
      },
      selected.match.state === "live" ? liveSeconds : restSeconds,
    );

  const tableEvidence = (
    provider: SportsProvider,
    context: ServiceContext,
    table: LeagueTable,
    team: string | undefined,
  ): FoundEvidence => {
    const row = team === undefined ? undefined : table.rows.find((entry) => isTeam(entry.team, team));
    const data: SportsData = { kind: "table", table, ...(row ? { team: row.team } : {}) };
    const text = tableSentence(table, (name) => name === row?.team, context.locale);
    return evidenceOf(provider, context, { title: table.league, text, data, url: table.url }, restSeconds);
  };

  return {
    id: "sports",
    intents: ["sports"],
    slots: SportsSlots,
    providers: providers.map(({ name }) => name),
    async query(slots, context): Promise<ServiceAnswer> {
      await checkSlots(context.permit, slots);
      const question = toQuestion(slots, context);
      const able = providers.filter((provider) => provider.covers(question));
      if (question.aspect === "table" && question.league === undefined) {
        throw slotError("league", context.locale, {
          en: "The table of which league do you want?",
          pl: "Tabelę której ligi mam podać?",
        });
      }
      const { value, degraded } = await firstThatAnswers(
        able,
        async (provider) => {
          const found = await provider.answer(question, context).catch((error: unknown) => {
            throw error instanceof AppError && error.code === "NOT_FOUND" ? nothing(question, context.locale) : error;
          });
          const selected = selectMatches(found.matches, question, context.now, context.timezone);
          if (selected.length + found.tables.length === 0) throw nothing(question, context.locale);
          const evidence = [
            ...found.tables.map((table) => tableEvidence(provider, context, table, question.team)),
            ...selected.map((match) => matchEvidence(provider, context, match)),
          ];
          return { evidence, choice: found.choice };
        },
        context,
      );
      const choice = value.choice === undefined ? [] : [{ part: "sports", reason: value.choice }];
      return { evidence: value.evidence, degraded: [...degraded, ...choice] };
    },
    render: renderSports,
  };
};
