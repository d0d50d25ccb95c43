import { isoDay } from "../render-text.ts";
import type { Match, SportsQuestion } from "./match.ts";

/** Why a match is in the answer. */
export type MatchRole = "live" | "last" | "next" | "day";

export interface SelectedMatch {
  readonly role: MatchRole;
  readonly match: Match;
}

const mostPerRole = 12;
const byKickoff = (left: Match, right: Match): number => left.kickoff.localeCompare(right.kickoff);
const as = (role: MatchRole, matches: readonly Match[], most: number): SelectedMatch[] =>
  matches.slice(0, most).map((match) => ({ role, match }));

/**
 * The matches that answer a question, best first: those of the asked day, else what is live, the last results and the next
 * matches as the aspect wants. A league's "last" and "next" are all matches of that day.
 */
export const selectMatches = (
  found: readonly Match[],
  { aspect, day, team }: SportsQuestion,
  now: Date,
  timezone: string,
): readonly SelectedMatch[] => {
  const matches = [...new Map(found.map((match) => [match.id, match])).values()].sort(byKickoff);
  const dayOf = ({ kickoff }: Match) => isoDay(new Date(kickoff), timezone);
  if (day !== undefined)
    return as(
      "day",
      matches.filter((match) => dayOf(match) === day),
      mostPerRole,
    );

  const live = matches.filter(({ state }) => state === "live");
  const past = matches.filter(({ state }) => state === "finished").reverse();
  const started = now.getTime() - 3_600_000; // sources mark a start late
  const coming = matches.filter(({ state, kickoff }) => state === "scheduled" && Date.parse(kickoff) > started);
  const firstOf = (list: readonly Match[]) =>
    team === undefined
      ? list.filter((match) => list[0] !== undefined && dayOf(match) === dayOf(list[0]))
      : list.slice(0, 1);
  const lives = as("live", live, mostPerRole);
  const last = as("last", firstOf(past), mostPerRole);
  const next = as("next", firstOf(coming), mostPerRole);
  if (aspect === "next") return next;
  if (aspect === "last") return last;
  if (aspect === "score") return lives.length > 0 ? lives : last;
  if (team !== undefined) return [...lives, ...last, ...next];
  const today = isoDay(now, timezone);
  const ofToday = matches.filter((match) => match.state !== "live" && dayOf(match) === today);
  return ofToday.length + live.length > 0 ? [...lives, ...as("day", ofToday, mostPerRole)] : [...last, ...next];
};
