import type { Ground } from "../ground.ts";
import { foldName } from "../text/name-index.ts";
import type { Token } from "../text/tokens.ts";
import { clausesOf } from "./clauses-of.ts";
import { collectMatches, type Match } from "./match-results.ts";
import { type GroupIndex, indexGroup } from "./mentions.ts";
import { outcomeAt, passive, unsettled, venueOf } from "./result-words.ts";

interface Named {
  readonly at: number;
  readonly team: string;
  /** Written as data write it, so that it can be a subject. */
  readonly isBase: boolean;
}
interface Results {
  readonly matches: readonly Match[];
  readonly teams: GroupIndex;
}

const known = new WeakMap<Ground, Results>();
const resultsOf = (ground: Ground): Results => {
  const cached = known.get(ground);
  if (cached) return cached;
  const matches = collectMatches(ground);
  const names = [...new Set(matches.flatMap(({ home, away }) => [home, away]))];
  const teams = indexGroup(names.map((text) => [{ field: "team", text, role: undefined }]));
  const results = { matches, teams };
  known.set(ground, results);
  return results;
};

const teamsIn = (tokens: readonly Token[], { teams }: Results): Named[] => {
  const found: Named[] = [];
  for (const [at, token] of tokens.entries()) {
    const team = teams.at(token)?.text;
    if (team === undefined || found.length > 20) continue;
    const isBase = team.split(/\s+/).some((word) => foldName(word) === foldName(token.text));
    const last = found.at(-1);
    if (last?.team !== team) found.push({ at, team, isBase });
    else if (at - last.at < 3 && !isBase) found[found.length - 1] = { ...last, isBase };
  }
  return found;
};

const isSame = (match: Match, one: string, other: string): boolean =>
  (match.home === one && match.away === other) || (match.home === other && match.away === one);

/** Whether a score lets who is named have won or lost. */
const agrees = ({ home, score }: Match, team: string, outcome: "win" | "loss"): boolean => {
  if (score === undefined) return false;
  const [own, other] = home === team ? score : [score[1], score[0]];
  return outcome === "win" ? own > other : own < other;
};

/** The names of two sides of which a sentence tells the wrong one to have won, or to have played at home; undefined for none. */
export const wrongResult = (sentence: string, ground: Ground): string | undefined => {
  const results = resultsOf(ground);
  if (results.matches.length === 0) return undefined;
  const { tokens, quantities } = ground.read(sentence);
  if (tokens.some(({ lower }) => unsettled.test(lower))) return undefined;
  const scores = quantities.flatMap((quantity) =>
    quantity.kind === "number" && quantity.pair !== undefined ? [quantity.from] : [],
  );
  for (const [from, to] of clausesOf(tokens)) {
    const hasScore = scores.some((at) => at >= from && at < to);
    const found = wrongIn(tokens.slice(from, to), hasScore, results);
    if (found !== undefined) return found;
  }
  return undefined;
};

const wrongIn = (tokens: readonly Token[], hasScore: boolean, results: Results): string | undefined => {
  const at = tokens.findIndex((token) => outcomeAt(token, hasScore) !== undefined);
  const verb = tokens[at];
  const outcome = verb && outcomeAt(verb, hasScore);
  // "hope to beat"
  if (verb === undefined || outcome === undefined || tokens[at - 1]?.lower === "to") return undefined;
  const named = teamsIn(tokens, results);
  const before = named.findLast((each) => each.at < at);
  const behind = named.find((each) => each.at > at);
  if (before === undefined || (behind === undefined && !hasScore)) return undefined;
  const turned =
    tokens.slice(at, at + 4).some(({ lower }) => passive.test(lower)) ||
    (behind !== undefined && !before.isBase && behind.isBase) ||
    /^(?:את|ל)$/.test(tokens[before.at - 1]?.lower ?? "");
  const [subject, object] = turned && behind ? [behind, before] : [before, behind];
  const played = results.matches.filter(
    (match) =>
      match.score !== undefined &&
      (object ? isSame(match, subject.team, object.team) : match.home === subject.team || match.away === subject.team),
  );
  if (played.length === 0 || (object === undefined && played.length > 1)) return undefined;
  if (!played.some((match) => agrees(match, subject.team, outcome))) return `${subject.team}: ${verb.text}`;
  const venue = venueOf(tokens);
  const isElsewhere = venue !== undefined && object && !played.some((match) => match[venue] === subject.team);
  return isElsewhere ? `${subject.team}: ${venue}` : undefined;
};
