import type { GroundInput } from "../ground.ts";

/** A match: who played where, and what it came to. */
export interface Match {
  readonly home: string;
  readonly away: string;
  /** Of home and away; undefined before it has begun. */
  readonly score: readonly [number, number] | undefined;
}

const mostMatches = 200;
const nameOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value.length <= 80 ? value : undefined;
  const name = value !== null && typeof value === "object" ? (value as Record<string, unknown>).name : undefined;
  return typeof name === "string" && name.length <= 80 ? name : undefined;
};
const first = (object: Record<string, unknown>, pattern: RegExp): unknown =>
  Object.entries(object).find(([key]) => pattern.test(key))?.[1];

/** What a side itself says it scored: `home: { name, score }`. */
const scoreOf = (side: unknown): unknown =>
  side !== null && typeof side === "object"
    ? first(side as Record<string, unknown>, /^(?:score|goals|points|sets)$/i)
    : undefined;

const longestText = 4_000;
/** "Lech Poznań – Raków Częstochowa", and the score between the two in the text below. */
const matchOfText = (title: string, text: string): Match | undefined => {
  const sides = title.split(/\s(?:[-–—]|vs?\.?|נגד)\s/);
  const [home = "", away = ""] = sides.map((side) => side.trim());
  if (sides.length !== 2 || home.length < 3 || away.length < 3 || title.length > 120) return undefined;
  const plain = text.slice(0, longestText);
  for (let at = plain.indexOf(home); at >= 0; at = plain.indexOf(home, at + 1)) {
    const score = /^\s(\d{1,3})\s?[-–:]\s?(\d{1,3})\s/.exec(plain.slice(at + home.length, at + home.length + 12));
    if (score && plain.startsWith(away, at + home.length + score[0].length))
      return { home, away, score: [Number(score[1]), Number(score[2])] };
  }
  return undefined;
};

/** Finds the matches in evidence: objects that name a home and an away side, and results told in texts. */
export const collectMatches = ({ evidence }: Pick<GroundInput, "evidence">): readonly Match[] => {
  const found: Match[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (depth > 6 || found.length >= mostMatches || value === null || typeof value !== "object") return;
    if (!Array.isArray(value)) {
      const object = value as Record<string, unknown>;
      const [home, away] = [/^home(?:_?team)?$/i, /^away(?:_?team)?$/i].map((key) => nameOf(first(object, key)));
      const scores = [/^home_?(?:score|goals|points|sets)$/i, /^away_?(?:score|goals|points|sets)$/i].map((key) =>
        first(object, key),
      );
      const own = scores[0] ?? scoreOf(first(object, /^home(?:_?team)?$/i));
      const other = scores[1] ?? scoreOf(first(object, /^away(?:_?team)?$/i));
      if (home && away)
        found.push({
          home,
          away,
          score: typeof own === "number" && typeof other === "number" ? [own, other] : undefined,
        });
    }
    for (const inner of Object.values(value)) walk(inner, depth + 1);
  };
  for (const { data } of evidence) walk(data, 0);
  for (const { title, text } of evidence.slice(0, mostMatches)) {
    const told = matchOfText(title, text);
    if (told && !found.some(({ home, away }) => home === told.home && away === told.away)) found.push(told);
  }
  return found;
};
