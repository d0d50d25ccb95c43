import { foldText } from "../../../platform/language/normalise-text.ts";
import { findNumbers } from "../../../platform/language/numbers.ts";
import type { SlotContext, SlotRecogniser } from "./slot-recogniser.ts";

export interface Conversion {
  readonly value: number;
  readonly from: string;
  readonly to: string;
}

const longestText = 200;
const mostUnitWords = 4;

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));
// Folded: what stands between the two units, what asks for a number, what links it to the other unit, and what counts one.
const connectors = set("to into in as na w we do у в на до = ב ל");
const askers = /^(?:and |a |і |what is |whats )?(?:how many|how much|ile|скільки|כמה)(?!\p{L})/u;
const links = set(
  "are is in there to ma jest sa it make makes equal equals w we у в це має є יש הם זה ב a an one the jeden jedna один одна",
);
const articles = set("a an the one");

const isUnitWord = (word: string): boolean => /^[\p{L}°º"'״׳²³/][\p{L}\p{N}\p{M}°º/²³"'״׳.-]*$/u.test(word);

const asUnit = (words: readonly string[]): string | undefined =>
  words.length > 0 && words.length <= mostUnitWords && words.every(isUnitWord) ? words.join(" ") : undefined;

// Hebrew writes "in" and "to" as a letter before the unit.
const withoutPrefix = (word: string): string | undefined => /^[בל][-־]?([א-ת].+)$/u.exec(word)?.[1];

const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/**
 * Value, unit and wanted unit of a conversion ("5 kg in pounds", "how many feet are in a mile"); units as written, for the
 * converter to know or not. Linear in the text's length.
 */
const findConversion = (text: string, { locale }: Pick<SlotContext, "locale">): Conversion | undefined => {
  const clipped = text
    .slice(0, longestText)
    .trim()
    .replace(/[\s?!.]+$/, "");
  const number = findNumbers(clipped, locale)[0] ?? gluedNumber(clipped);
  const after = number && wordsIn(clipped.slice(number.end));
  const direct = after && splitUnits(after);
  if (number && direct) return { value: number.value, ...direct };
  return askedUnit(clipped, number?.value);
};

// "5kg": the unit written together with the figure.
const gluedNumber = (text: string): { value: number; end: number } | undefined => {
  const found = /(?<![\p{L}\p{N}.,])(\d+(?:[.,]\d+)?)(?=\p{L})/u.exec(text);
  return found ? { value: Number(found[1]!.replace(",", ".")), end: found.index + found[1]!.length } : undefined;
};

const splitUnits = (words: readonly string[]): { from: string; to: string } | undefined => {
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index]!;
    const isConnector = connectors.has(foldText(word));
    const prefixed = isConnector ? undefined : withoutPrefix(word);
    if (!isConnector && prefixed === undefined) continue;
    const rest = prefixed === undefined ? words.slice(index + 1) : [prefixed, ...words.slice(index + 1)];
    const from = asUnit(words.slice(0, index));
    const to = asUnit(articles.has(rest[0]?.toLowerCase() ?? "") ? rest.slice(1) : rest);
    if (from !== undefined && to !== undefined) return { from, to };
  }
  return undefined;
};

// "How many litres is 2 gallons", "ile stóp ma metr": the wanted unit comes first.
const askedUnit = (text: string, value: number | undefined): Conversion | undefined => {
  const asked = askers.exec(foldText(text));
  if (!asked) return undefined;
  const words = wordsIn(text.slice(asked[0].length));
  const linkAt = words.findIndex((word, index) => index > 0 && links.has(foldText(word)));
  if (linkAt < 1) return undefined;
  let rest = words.slice(linkAt);
  while (rest.length > 0 && (links.has(foldText(rest[0]!)) || /^[-−]?\d/.test(rest[0]!))) rest = rest.slice(1);
  const bare = rest.length === 1 ? [withoutPrefix(rest[0]!) ?? rest[0]!] : rest;
  const to = asUnit(words.slice(0, linkAt));
  const from = asUnit(bare);
  return to !== undefined && from !== undefined ? { value: value ?? 1, from, to } : undefined;
};

const part = (name: keyof Conversion): SlotRecogniser => ({
  whole: (text, { locale }) => (name === "value" ? findNumbers(text, locale)[0]?.value : asUnit(wordsIn(text))),
  find: (text, context) => findConversion(text, context)?.[name],
});

export const conversionValueRecogniser = part("value");
export const conversionFromRecogniser = part("from");
export const conversionToRecogniser = part("to");
