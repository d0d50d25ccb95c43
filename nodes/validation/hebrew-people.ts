import { loadWordTable, wordFlags } from "../../platform/egress/recognisers/names/word-table.ts";
import type { KnownNames } from "./known-names.ts";
import { conceptsOf } from "./text/concepts.ts";
import { contentStem } from "./text/content-words.ts";
import { hebrewGivenNames, hebrewSurnames, sureHebrewNames } from "./text/hebrew-name-lists.ts";
import { isCalendarWord } from "./text/is-calendar-word.ts";
import { numberWord } from "./text/number-words.ts";
import type { Token } from "./text/tokens.ts";
import { unitNamed } from "./text/units.ts";

const isHebrew = ({ kind, text }: Token): boolean => kind === "word" && /^[א-ת]{2}/.test(text);
const bare = (word: string): string[] => (/^[ובלמשהכ][א-ת]{2}/.test(word) ? [word, word.slice(1)] : [word]);
const hasFlag = (word: string, flag: number): boolean => (loadWordTable()(word) & flag) !== 0;
const isGiven = (word: string): boolean =>
  bare(word).some((form) => hebrewGivenNames.has(form) || hasFlag(form, wordFlags.given));
const isSurname = (word: string): boolean =>
  hebrewSurnames.has(word) ||
  hasFlag(word, wordFlags.surname) ||
  hasFlag(word, wordFlags.given) ||
  hebrewGivenNames.has(word);
/** Words before which a person or a side is named rather than anything said of it. */
const introduces =
  /^(?:עם|של|מול|את|ידי|הוא|היא|בשם|ושמו|ושמה|שמו|שמה|בכיכובו|בכיכובה|נגד|לבין|מאת|בטיפולו|בטיפולה|משחק|משחקת)$/;

/** Which words follow which in what is known: the second words of names by their first. */
const continuations = new WeakMap<KnownNames, ReadonlyMap<string, ReadonlySet<string>>>();
const continuationsOf = (known: KnownNames): ReadonlyMap<string, ReadonlySet<string>> => {
  const cached = continuations.get(known);
  if (cached) return cached;
  const pairs = new Map<string, Set<string>>();
  for (const tokens of known.readTexts) {
    let last: Token | undefined;
    for (const token of tokens) {
      if (last && isHebrew(last) && isHebrew(token) && token.start === last.end + 1)
        for (const form of bare(last.lower)) pairs.set(form, (pairs.get(form) ?? new Set()).add(token.lower));
      last = token;
    }
  }
  continuations.set(known, pairs);
  return pairs;
};

/** First words of what data call something: sides, films, firms. */
const headsOf = (known: KnownNames): ReadonlySet<string> => {
  const cached = heads.get(known);
  if (cached) return cached;
  const found = new Set(
    known.texts.flatMap((text, index) => (text.length <= 40 ? (known.readTexts[index]?.[0]?.lower ?? []) : [])),
  );
  heads.set(known, found);
  return found;
};
const heads = new WeakMap<KnownNames, ReadonlySet<string>>();

const endsName = (next: Token | undefined): boolean =>
  next === undefined || next.kind !== "word" || !/^[א-ת]/.test(next.text);

/**
 * A Hebrew name that nothing known has: Hebrew writes no capitals, so lists of names tell it, a known first word that goes on
 * otherwise than it does anywhere ("דנה שמיר" for "דנה שקד"), and quotation marks.
 */
export const unknownHebrewName = (tokens: readonly Token[], known: KnownNames): string | undefined => {
  const pairs = continuationsOf(known);
  const heads = headsOf(known);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (!isHebrew(token)) continue;
    const { lower } = token;
    const isSure = bare(lower).some((form) => sureHebrewNames.has(form));
    const previous = tokens[at - 1];
    const next = tokens[at + 1];
    const follows = previous !== undefined && isHebrew(previous) && token.start === previous.end + 1;
    if (known.has(lower)) continue;
    if (isCalendarWord(lower) || numberWord(lower) || unitNamed(lower)) continue;
    if (isSure) return token.text;
    if (!follows || previous === undefined || contentStem(lower) === undefined) continue;
    if (isGiven(lower) && introduces.test(previous.lower) && endsName(next)) return token.text;
    if (!/^[א-ת]/.test(previous.text)) continue;
    // "white light": ordinary words that are names as well.
    const isFirst = isGiven(previous.lower) && !conceptsOf(lower).some(({ group }) => group === "colour");
    if (isFirst && isSurname(lower)) return `${previous.text} ${token.text}`;
    const others = bare(previous.lower).flatMap((form) => [...(pairs.get(form) ?? [])]);
    if (others.length === 0) continue;
    // "the light in the kitchen" is no name.
    if (/^[בל]/.test(lower) || (/^ה/.test(previous.text) && !heads.has(previous.lower))) continue;
    // A known name, led as names are, and nothing behind: what follows it is the rest of the name.
    const before = tokens[at - 2];
    if (before && introduces.test(before.lower) && endsName(next) && (isFirst || others.length < 4))
      return `${previous.text} ${token.text}`;
  }
  return undefined;
};

const quoted = /(?:״([^״\n]{2,60})״|"([^"\n]{2,60})"|“([^”\n]{2,60})”|„([^”“\n]{2,60})[”“])/gu;

/** A short Hebrew title in quotation marks of which no word is known. */
export const unknownHebrewTitle = (text: string, known: KnownNames): string | undefined => {
  for (const match of text.slice(0, 20_000).matchAll(quoted)) {
    const title = match.slice(1).find((each) => each !== undefined) ?? "";
    const words = (title.match(/[א-ת][א-ת'"׳״-]+/gu) ?? []).filter((word) => word.length > 1);
    // ס"מ and מע"מ are written with the same mark inside a word.
    const inWord =
      /[א-ת]$/.test(text.slice(0, match.index)) && !/(?:^|[^א-ת])[ובלמשהכ]{1,2}-?$/.test(text.slice(0, match.index));
    if (inWord || words.length === 0 || words.length > 4 || /[^א-ת\s'"׳״-]/u.test(title)) continue;
    if (words.every((word) => !known.has(word))) return title;
  }
  return undefined;
};
