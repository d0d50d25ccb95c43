import type { Token } from "./tokens.ts";

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

const approximateWords = set(
  `about around roughly approximately approx some nearly almost over under circa ca near just below above close barely well exceeding ~ ≈ less more least most
   około ok blisko prawie ponad niemal jakieś jakichś mniej więcej niecałe niespełna przeszło plus
   близько приблизно майже понад біля орієнтовно трохи більше менше десь
   בערך כ כמעט מעל קרוב לערך מתחת כ- יותר פחות סביב`,
);
const over = set(
  `over above exceeding more ponad powyżej przeszło więcej większa większy większe dłużej понад більше більш більша більший більші вище מעל יותר`,
);
const under = set(
  `under below less fewer nearly almost poniżej mniej mniejsza mniejszy mniejsze niespełna niecałe niecałych niecała prawie niemal менше менш менша менший менші нижче майже מתחת פחות כמעט`,
);
/** What may stand between such a word and its figure. */
const between = set("than a an the of by za od niż o за як ніж ніж від מ ל - kwoty суми");

/** Whether "about", "roughly" or the like stands before a figure. */
export const isApproximate = (tokens: readonly Token[], at: number): boolean => {
  for (let back = 1; back <= 3; back += 1) {
    const token = tokens[at - back];
    if (token === undefined || token.kind === "number") return false;
    if (approximateWords.has(token.lower)) return true;
  }
  return false;
};

/** The side of a figure on which the true value lies: "over", "more than", "niespełna", "менша за", "פחות מ". */
export const limitAt = (tokens: readonly Token[], at: number): 1 | -1 | undefined => {
  for (let back = 1; back <= 3; back += 1) {
    const word = tokens[at - back]?.lower ?? "";
    // "mniej więcej" is "about".
    if (word === "więcej" && tokens[at - back - 1]?.lower === "mniej") return undefined;
    if (over.has(word)) return 1;
    if (under.has(word)) return -1;
    if (!between.has(word)) return undefined;
  }
  return undefined;
};
