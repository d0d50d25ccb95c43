import type { FoundEvidence } from "../rag-service.ts";
import { formatDate, formatNumber, formatTime, phrase, sourceLine } from "../render-text.ts";
import type { LeagueTable, Match, TableRow } from "./match.ts";
import type { MatchRole, SelectedMatch } from "./select-matches.ts";

/** What a piece of sports evidence holds in `data`. */
export type SportsData =
  | { readonly kind: "match"; readonly role: MatchRole; readonly match: Match }
  | { readonly kind: "table"; readonly table: LeagueTable; readonly team?: string };

const leads: Readonly<Record<MatchRole, { readonly en: string; readonly pl: string }>> = {
  live: { en: "Live: ", pl: "Na żywo: " },
  last: { en: "Last result: ", pl: "Ostatni wynik: " },
  next: { en: "Next match: ", pl: "Następny mecz: " },
  day: { en: "", pl: "" },
};

const states = {
  postponed: { en: "postponed", pl: "przełożony" },
  cancelled: { en: "cancelled", pl: "odwołany" },
};

/** One match in words: "Last result: Arsenal 2–1 Chelsea (Premier League), Saturday 1 August 2026." */
export const matchSentence = ({ role, match }: SelectedMatch, locale: string, timezone: string): string => {
  const { home, away, homeScore, awayScore, state, clock, timeKnown } = match;
  const scored = homeScore !== undefined && awayScore !== undefined;
  const sides = scored ? `${home} ${homeScore}–${awayScore} ${away}` : `${home} – ${away}`;
  const about = [match.league, clock].filter(Boolean).join(", ");
  const kickoff = new Date(match.kickoff);
  const day = formatDate(kickoff, locale, timeKnown ? timezone : "UTC");
  const at = phrase(locale, {
    en: `${day} at ${formatTime(kickoff, locale, timezone)}`,
    pl: `${day}, godz. ${formatTime(kickoff, locale, timezone)}`,
  });
  const when = state === "live" ? undefined : state === "scheduled" && timeKnown ? at : day;
  const parts = [
    `${phrase(locale, leads[role])}${sides}${about ? ` (${about})` : ""}`,
    state === "postponed" || state === "cancelled" ? phrase(locale, states[state]) : undefined,
    when,
    state === "scheduled" ? match.venue : undefined,
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
};

const rowText = (row: TableRow, locale: string): string => {
  const record =
    row.drawn > 0 || row.points !== undefined ? `${row.won}-${row.drawn}-${row.lost}` : `${row.won}-${row.lost}`;
  if (row.points === undefined) return `${row.rank}. ${row.team} (${record})`;
  const points = formatNumber(row.points, locale);
  return phrase(locale, {
    en: `${row.rank}. ${row.team}, ${points} pts from ${row.played} (${record})`,
    pl: `${row.rank}. ${row.team}, ${points} pkt w ${row.played} (${record})`,
  });
};

const mostRows = 10;

/** A table in words: its first ten places, and the place of the team that was asked for. */
export const tableSentence = (table: LeagueTable, isAsked: (team: string) => boolean, locale: string): string => {
  const shown = table.rows.filter((row, index) => index < mostRows || isAsked(row.team));
  const title = table.group ? `${table.league}, ${table.group}` : table.league;
  const head = phrase(locale, { en: `${title} table`, pl: `Tabela: ${title}` });
  return `${head}: ${shown.map((row) => rowText(row, locale)).join("; ")}.`;
};

const isSportsData = (data: unknown): data is SportsData =>
  typeof data === "object" && data !== null && "kind" in data && (data.kind === "match" || data.kind === "table");

/** Sports evidence in sentences, one a line, times in the given zone, then the source and its time. */
export const renderSports = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const lines = evidence.flatMap(({ data }) => {
    if (!isSportsData(data)) return [];
    if (data.kind === "match") return [matchSentence(data, locale, timezone)];
    return [tableSentence(data.table, (team) => team === data.team, locale)];
  });
  return lines.length === 0 ? "" : [...lines, sourceLine(evidence, locale, timezone)].join("\n");
};
