import { numberWord } from "./number-words.ts";
import type { Token } from "./tokens.ts";

/** A part of one, in words. */
export interface Fraction {
  readonly value: number;
  /** How exactly it is given. */
  readonly step: number;
  /** Index of the token after it. */
  readonly to: number;
}

const table = (rows: Readonly<Record<number, string>>): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(rows).flatMap(([value, words]) =>
      words
        .trim()
        .split(/\s+/)
        .map((word) => [word, Number(value)]),
    ),
  );

// What stands alone for a part of one.
const alone = table({
  2: "half pół połowa połowę połowy połowie половина половину половини половиною пів חצי מחצית",
  4: "quarter ćwierć kwadrans чверть чверті чвертю רבע",
  3: "третина третину третини третиною שליש",
  5: "חמישית",
  10: "עשירית",
  100: "מאית",
  1000: "אלפית",
});
// What divides the number before it: one of them, and several ("za pięć dziesiąta" is a time of day, "pięć dziesiątych" a half).
const single = table({
  2: "half połowa połowę половина половину חצי",
  3: "third trzecia trzecią trzeciej третя третю третьої третина третину שליש",
  4: "quarter fourth czwarta czwartą czwartej четверта четверту чверть רבע",
  5: "fifth piąta piątą piątej п'ята п'яту п'ятої חמישית",
  6: "sixth szósta szóstą шоста шосту שישית",
  8: "eighth ósma ósmą восьма восьму שמינית",
  10: "tenth dziesiąta dziesiątą dziesiątej десята десяту десятої עשירית",
  100: "hundredth setna setną setnej сота соту сотої מאית",
  1000: "thousandth tysięczna tysięczną tysięcznej тисячна тисячну тисячної אלפית",
});
const several = table({
  2: "halves połowy половини חצאים",
  3: "thirds trzecie trzecich треті третіх третини третин שליש שלישים שלישי",
  4: "quarters fourths czwarte czwartych четверті четвертих чверті чвертей רבע רבעים רבעי",
  5: "fifths piąte piątych п'яті п'ятих חמישיות",
  6: "sixths szóste szóstych шості шостих שישיות",
  8: "eighths ósme ósmych восьмі восьмих שמיניות",
  10: "tenths dziesiąte dziesiątych десяті десятих עשיריות",
  100: "hundredths setne setnych соті сотих מאיות",
  1000: "thousandths tysięczne tysięcznych тисячні тисячних אלפיות",
});
const joiners = new Set("and plus i oraz z і й та з із зі".split(" "));
/** What may stand before the part of a decimal number: "дві цілі й шість десятих", "dwie całe i pięć setnych". */
const wholes = new Set("cała całe całych ціла цілі цілих שלם שלמים".split(" "));

// Tenths are as exact as decimals; halves and quarters are said of what is near.
const stepOf = (denominator: number): number => (denominator >= 10 ? 1 / denominator : 1 / (2 * denominator));
const withoutAnd = (word: string): string => (/^ו[א-ת]{2}/.test(word) ? word.slice(1) : word);

/** A part of one that begins at a token: "half", "three quarters", "sześć dziesiątych", "одна десята", "שלושה רבעים". */
export const fractionAt = (tokens: readonly Token[], at: number, isJoined = false): Fraction | undefined => {
  const token = tokens[at];
  if (token === undefined) return undefined;
  const word = isJoined ? withoutAnd(token.lower) : token.lower;
  const dash = tokens[at + 1]?.text === "-" ? 1 : 0;
  const next = tokens[at + 1 + dash];
  const below = next?.kind === "word" ? next.lower : "";
  if (single.has(below) || several.has(below)) {
    // "one half", "a quarter"; "a third" and "a second" are as often places in an order.
    const isOne = word === "a" || word === "an";
    const count = isOne ? 1 : countOf(token, word);
    const denominator = count === undefined ? undefined : (count === 1 ? single : several).get(below);
    if (count !== undefined && denominator !== undefined && count > 0 && count < denominator)
      if (!isOne || isJoined || alone.has(below) || endsThere(tokens[at + 2 + dash]))
        return { value: count / denominator, step: stepOf(denominator), to: at + 2 + dash };
  }
  const own = alone.get(word);
  return own === undefined ? undefined : { value: 1 / own, step: stepOf(own), to: at + 1 };
};

/** "up a third on Tuesday", "a third of it": no noun follows whose place in an order it could be. */
const endsThere = (token: Token | undefined): boolean =>
  token === undefined ||
  (token.kind === "mark" && token.text !== "-") ||
  /^(?:of|on|in|from|more|less|since|over|to|than|compared|by|and|at|as|last|this|off)$/.test(token.lower);

/** Whether a word may stand alone for a part of one. */
export const isFractionWord = (word: string): boolean => alone.has(word);

const countOf = (token: Token, word: string): number | undefined => {
  if (token.kind === "number") return /^\d{1,3}$/.test(token.text) ? Number(token.text) : undefined;
  const found = numberWord(word);
  return found && !found.ordinal && Number.isInteger(found.value) && found.value < 1_000 ? found.value : undefined;
};

/** The part that a whole number takes with it: "… and a half", "… i pół", "… із половиною", "… וחצי". */
export const fractionBehind = (tokens: readonly Token[], at: number): Fraction | undefined => {
  let index = at;
  while (tokens[index]?.text === "-" && tokens[index]?.end === tokens[index + 1]?.start) index += 1;
  if (wholes.has(tokens[index]?.lower ?? "")) index += 1;
  const word = tokens[index]?.lower ?? "";
  if (/^ו[א-ת]{2}/.test(word)) return fractionAt(tokens, index, true);
  if (!joiners.has(word))
    return index > at && wholes.has(tokens[at]?.lower ?? "") ? fractionAt(tokens, index, true) : undefined;
  index += 1;
  while (tokens[index]?.text === "-" && tokens[index]?.end === tokens[index + 1]?.start) index += 1;
  return fractionAt(tokens, index, true);
};
