import type { Token } from "../text/tokens.ts";

const ends = new Set(
  ", ; – — and but while whereas a i oraz ale natomiast zaś і й та а але проте ואילו אבל אך".split(" "),
);
const mostClauses = 200;

/** The letter of "A1" is no conjunction, the dash of "2–0" no end. */
const isJoined = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.text !== "," &&
  tokens[at]?.text !== ";" &&
  (tokens[at + 1]?.start === tokens[at]?.end ||
    (tokens[at]?.kind === "mark" && tokens[at - 1]?.end === tokens[at]?.start));

/** The clauses of a sentence, as stretches [from, to) of its tokens: between commas and words that join. */
export const clausesOf = (tokens: readonly Token[]): (readonly [number, number])[] => {
  const clauses: (readonly [number, number])[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length && clauses.length < mostClauses; at += 1) {
    const token = tokens[at];
    if (token && (!ends.has(token.lower) || isJoined(tokens, at))) continue;
    clauses.push([from, at]);
    from = at + 1;
  }
  return clauses;
};
