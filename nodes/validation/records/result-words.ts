import type { Token } from "../text/tokens.ts";

/** How an answer tells the outcome of a match; `by`: only with the score itself, since tables are led as well. */
export type Outcome = "win" | "loss";

const stems: readonly (readonly [Outcome, readonly string[]])[] = [
  [
    "win",
    "won ,win ,wins ,winning ,beat ,beats ,beating ,beaten ,defeat,thrash,edged ,overcame ,wygra,pokona,zwycięż,ogra,rozgrom,вигра,перемог,переміг,обігра,розгром,ניצח,גבר ,גברה ,הביס".split(
      ",",
    ),
  ],
  [
    "loss",
    "lost ,lose ,loses ,losing ,przegra,przegryw,uleg,програ,поступил,поступив,поступає,הפסיד,מפסיד,נכנע".split(","),
  ],
];
const standing: readonly (readonly [Outcome, readonly string[]])[] = [
  [
    "win",
    "lead ,leads ,leading ,led ,ahead ,up ,prowadzi ,prowadzą ,prowadził ,prowadziła ,веде ,ведуть ,лідиру,מוביל,הוביל".split(
      ",",
    ),
  ],
  ["loss", "trail ,trails ,trailing ,behind ,down ,відстає ,מפגר,פיגר".split(",")],
];
const tells = (table: typeof stems, lower: string): Outcome | undefined =>
  table.find(([, words]) =>
    words.some((word) => (word.endsWith(" ") ? lower === word.slice(0, -1) : lower.startsWith(word))),
  )?.[0];

/** The outcome that a word tells for who is named before it; leads and standings count only beside a score. */
export const outcomeAt = ({ kind, lower }: Token, hasScore: boolean): Outcome | undefined =>
  kind === "word" ? (tells(stems, lower) ?? (hasScore ? tells(standing, lower) : undefined)) : undefined;

/** Nothing is told of what did not happen, may happen, or is only asked. */
export const unsettled =
  /^(?:not|no|never|n't|didn't|hasn't|haven't|if|would|could|should|may|might|will|nor|nie|gdyby|jeśli|może|mogą|żeby|не|якби|якщо|може|можуть|щоб|לא|אם|אילו|עשוי|עשויה|יכול|יכולה|כדי)$/;
/** Words that turn subject and object round: "was beaten by". */
export const passive = /^(?:by|przez)$/;

/** Word pairs and words that say where the subject plays. */
export const venueOf = (tokens: readonly Token[]): "home" | "away" | undefined => {
  const text = ` ${tokens.map(({ lower }) => lower).join(" ")} `;
  if (/ (?:at home|u siebie|na własnym boisku|вдома|удома|на своєму полі|בבית|במגרשה|במגרשו) /.test(text))
    return "home";
  return / (?:away to|away at|on the road|na wyjeździe|na wyjazd|на виїзді|בחוץ|במגרש החוץ) /.test(text)
    ? "away"
    : undefined;
};
