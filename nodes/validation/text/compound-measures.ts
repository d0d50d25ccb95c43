import type { Token } from "./tokens.ts";
import { type Unit, unitById } from "./units.ts";

/** A number and its unit in one word: "trzymiesięczny", "двотижневий", "תלת-שנתי". */
export interface CompoundMeasure {
  readonly value: number;
  readonly unit: Unit;
}

const rowsOf = (rows: string): readonly (readonly [number, readonly string[]])[] =>
  rows
    .trim()
    .split(/\s*;\s*/)
    .map((row) => {
      const [value, ...words] = row.trim().split(/\s+/);
      return [Number(value), words] as const;
    });

// How numbers begin a word.
const heads = new Map(
  rowsOf(`0.5 pół пів; 1 jedno одно; 1.5 półtora півтора; 2 dwu dwój дво двох; 3 trzy трьох три; 4 cztero чотирьох чотири; 5 pięcio п'яти; 6 sześcio шести; 7 siedmio семи;
  8 ośmio восьми; 9 dziewięcio дев'яти; 10 dziesięcio десяти; 11 jedenasto одинадцяти; 12 dwunasto дванадцяти; 13 trzynasto тринадцяти; 14 czternasto чотирнадцяти; 15 piętnasto п'ятнадцяти;
  16 szesnasto шістнадцяти; 18 osiemnasto вісімнадцяти; 20 dwudziesto двадцяти; 24 dwudziestocztero двадцятичотири двадцятичотирьох; 25 dwudziestopięcio двадцятип'яти;
  30 trzydziesto тридцяти; 40 czterdziesto сорока; 45 czterdziestopięcio сорокап'яти; 50 pięćdziesięcio п'ятдесяти; 60 sześćdziesięcio шістдесяти; 70 siedemdziesięcio сімдесяти;
  80 osiemdziesięcio вісімдесяти; 90 dziewięćdziesięcio дев'яносто; 100 stu сто`).flatMap(([value, words]) =>
    words.map((word) => [word, value] as const),
  ),
);
// How units go on.
const stems = new Map(
  (
    [
      ["s", "sekundow секундн"],
      ["min", "minutow хвилинн"],
      ["h", "godzinn годинн"],
      ["day", "dniow dobow денн добов"],
      ["week", "tygodniow тижнев"],
      ["month", "miesięczn місячн"],
      ["year", "letn roczn річн літн"],
      ["%", "procentow відсотков"],
      ["km", "kilometrow кілометров"],
      ["m", "metrow метров"],
      ["kg", "kilogramow кілограмов"],
      ["l", "litrow літров"],
    ] as const
  ).flatMap(([id, words]) => words.split(" ").map((word) => [word, id] as const)),
);
const adjective =
  /^(\p{L}[\p{L}']*?)(?:ych|ymi|ego|emu|iego|iemu|ich|imi|iej|im|ia|ie|ią|ej|ym|y|i|a|e|ą|ий|ого|ому|ими|им|ій|ої|ою|их|а|у|е|і)$/u;
const longestStem = Math.max(...[...stems.keys()].map(({ length }) => length));

/** The unit that an adjective ends in, with where it begins: the 6 of "rocznego" in "dwurocznego". */
const stemOf = (lower: string): { readonly id: string; readonly head: string } | undefined => {
  const body = lower.length <= 40 ? adjective.exec(lower)?.[1] : undefined;
  if (body === undefined) return undefined;
  for (let length = Math.min(longestStem, body.length); length >= 3; length -= 1) {
    const id = stems.get(body.slice(-length));
    if (id !== undefined) return { id, head: body.slice(0, -length) };
  }
  return undefined;
};

/** The unit of an adjective that a figure is joined to: "3-miesięczny", "30-денний". */
export const adjectiveUnit = (lower: string): Unit | undefined => {
  const found = stemOf(lower);
  return found?.head === "" ? unitById(found.id) : undefined;
};

/** What a word alone measures. */
export const compoundMeasure = (lower: string): CompoundMeasure | undefined => {
  const found = stemOf(lower);
  const value = found && heads.get(found.head);
  const unit = found && unitById(found.id);
  return value !== undefined && unit ? { value, unit } : undefined;
};

const hebrewHeads: ReadonlyMap<string, number> = new Map([
  ["חד", 1],
  ["דו", 2],
  ["תלת", 3],
  ["ארבע", 4],
  ["חצי", 0.5],
]);
const hebrewUnits: ReadonlyMap<string, string> = new Map([
  ["שעתי", "h"],
  ["יומי", "day"],
  ["שבועי", "week"],
  ["חודשי", "month"],
  ["שנתי", "year"],
]);

/** "תלת-חודשית": a number and an adjective of a unit, joined by a hyphen or a space. */
export const hebrewCompoundAt = (
  tokens: readonly Token[],
  at: number,
): (CompoundMeasure & { readonly to: number }) | undefined => {
  const word = tokens[at]?.lower ?? "";
  const value = hebrewHeads.get(word) ?? hebrewHeads.get(word.slice(1));
  if (value === undefined) return undefined;
  const to = /^[-־–]$/.test(tokens[at + 1]?.text ?? "") ? at + 2 : at + 1;
  const id = hebrewUnits.get((tokens[to]?.lower ?? "").replace(/(?:ת|ים|ות)$/, ""));
  const unit = id === undefined ? undefined : unitById(id);
  return unit && { value, unit, to: to + 1 };
};
