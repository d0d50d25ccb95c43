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

/** Finds the matches in evidence: objects that name a home and an away side. */
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
      const [own, other] = scores;
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
  return found;
};
