import type { League } from "./leagues.ts";

export type MatchState = "scheduled" | "live" | "finished" | "postponed" | "cancelled";

/** One match of two sides. */
export interface Match {
  readonly id: string;
  readonly league: string;
  readonly home: string;
  readonly away: string;
  readonly homeScore?: number;
  readonly awayScore?: number;
  readonly state: MatchState;
  /** The clock of a live match as its source writes it ("67'", "Q3 4:12"). */
  readonly clock?: string;
  /** ISO 8601, UTC. */
  readonly kickoff: string;
  /** False when only the day is known. */
  readonly timeKnown: boolean;
  readonly venue?: string;
  readonly url?: string;
}

export interface TableRow {
  readonly rank: number;
  readonly team: string;
  readonly played: number;
  readonly won: number;
  readonly drawn: number;
  readonly lost: number;
  /** Undefined in leagues that rank by share of wins. */
  readonly points?: number;
  readonly goalDifference?: number;
}

export interface LeagueTable {
  readonly league: string;
  /** A conference or group, where the league has several tables. */
  readonly group?: string;
  readonly rows: readonly TableRow[];
  readonly url?: string;
}

/** What is asked, with names already told apart. */
export interface SportsQuestion {
  readonly team?: string;
  readonly league?: League;
  /** Undefined: what is going on now, else the last and the next match. */
  readonly aspect?: "next" | "last" | "score" | "table";
  /** A day in the user's zone (`yyyy-mm-dd`). */
  readonly day?: string;
}

/** What a provider found; `choice` says in the user's language which of several teams was taken. */
export interface SportsFound {
  readonly matches: readonly Match[];
  readonly tables: readonly LeagueTable[];
  readonly choice?: string;
}
