import type { NameRun } from "./name-runs.ts";
import type { NameWord } from "./name-word.ts";
import { type WordTable, wordFlags } from "./word-table.ts";

/**
 * How sure the text around a run makes it that a person is named: `weak` after words that go before many things, `likely`
 *  where people are spoken to or of, `strong` after a title or "my name is"; `place` after "in".
 */
export type Cue = "place" | "none" | "weak" | "likely" | "strong";

const nameFlags = wordFlags.given | wordFlags.surname;
const isName = ({ flags }: NameWord) => (flags & nameFlags) !== 0;
const isGiven = ({ flags }: NameWord) => (flags & wordFlags.given) !== 0;
const isFamiliar = ({ flags }: NameWord) => (flags & wordFlags.familiar) !== 0;
const isCommon = ({ flags }: NameWord) => (flags & wordFlags.common) !== 0;
const isInflected = ({ flags }: NameWord) => (flags & wordFlags.inflected) !== 0;
const isPlace = ({ flags }: NameWord) => (flags & wordFlags.place) !== 0;
const isUnknown = ({ flags, isInitial }: NameWord) => flags === 0 && !isInitial;
/** An ordinary word and nothing else. */
export const isPlain = (word: NameWord) => isCommon(word) && !isName(word);
const isSureName = (word: NameWord) => isName(word) && !isCommon(word) && !isPlace(word);

/** Endings that surnames of many countries have and ordinary words rarely. */
const surnameEnding =
  /(?:[sc]k[iay]|wicz|czyk|[eo]nko|[eо]нко|чук|[сц]ьк(?:ий|а)|вич|ович|[oe]v[ai]?|ova|s[so]?on|ss?en|d[oó]ttir|ez|ian|yan|shvili|dze|oglu|[oe]u|opoulos|akis|idis|escu|elli|etti|ini|berg|stein|mann)$/;

/** What the judgement rests on. */
export interface Language {
  readonly table: WordTable;
  /** Whether the text is English: only then is a word that the table does not know no ordinary word. */
  readonly isEnglish: boolean;
}

/** With a title before it, at most so many words are one name. */
const mostWordsOfName = 4;

/**
 * Which words of a run name a person: stretches [from, to) of its words. Ordinary words divide a run, so that
 * "Dear Anna Kowalska Street" is asked about "Anna Kowalska".
 */
export function* judgeRun(
  run: NameRun,
  cue: Cue,
  { table, isEnglish }: Language,
): Generator<readonly [number, number]> {
  const { words, opensSentence } = run;
  if (cue === "strong" && words[0] && !isPlain(words[0])) return yield [0, Math.min(words.length, mostWordsOfName)];
  let from = 0;
  for (let at = 0; at <= words.length; at += 1) {
    const word = words[at];
    const divides =
      word === undefined ||
      (isPlain(word) && !endsName(words, from, at, run) && !isMiddleInitial(words, from, at)) ||
      (at === 0 && opensSentence && startsOnly(words));
    if (!divides) continue;
    if (at > from) {
      const part = words.slice(from, at);
      // A cue stands before the first word; words that were divided off lie between it and the others.
      const own = from === 0 || at === words.length ? cue : "none";
      if (namesPerson(part, { cue: own, opensSentence: opensSentence && from === 0, table, isEnglish }))
        yield [from, at];
    }
    from = at + 1;
  }
}

/** Whether an ordinary word is a surname all the same: after a given name and an initial, or as the end of a line of a name alone. */
const endsName = (words: readonly NameWord[], from: number, at: number, { fillsLine }: NameRun): boolean => {
  const first = words[from];
  if (!first || at === from || at !== words.length - 1 || !isGiven(first)) return false;
  return words[at - 1]?.isInitial === true || (fillsLine && at - from < 3 && isSureName(first));
};

/** "Juliusz A Kwiatkowski": what is an article elsewhere is an initial here. */
const isMiddleInitial = (words: readonly NameWord[], from: number, at: number): boolean => {
  const first = words[from];
  return at > from && at < words.length - 1 && words[at]?.folded.length === 1 && first !== undefined && isGiven(first);
};

/** Whether the first word only begins the sentence: it is ordinary too, and a sure name follows that needs no other. */
const startsOnly = ([first, second, third]: readonly NameWord[]): boolean => {
  if (!first || !second) return false;
  if (isCommon(first)) return isGiven(second) && !isCommon(second) && (third !== undefined || !isGiven(first));
  // In a language without a list of ordinary words the first one is unknown; before a full name it is not a part of it.
  return (isUnknown(first) || isInflected(first)) && isGiven(second) && third !== undefined;
};

interface Circumstances extends Language {
  readonly cue: Cue;
  readonly opensSentence: boolean;
}

const namesPerson = (words: readonly NameWord[], circumstances: Circumstances): boolean => {
  const full = words.filter(({ isInitial }) => !isInitial);
  if (full.length === 0) return false;
  if (circumstances.cue === "strong") return true;
  const key = words.map(({ folded }) => folded).join(" ");
  if (words.length > 1 && circumstances.table(key) & wordFlags.place) return false;
  return words.length === 1
    ? isPersonAlone(full[0] as NameWord, circumstances)
    : isFullName(words, full, circumstances.isEnglish);
};

const isPersonAlone = (word: NameWord, { cue, opensSentence }: Circumstances): boolean => {
  if (word.folded.length < 3 || word.isShouted || cue === "place") return false;
  if (cue === "likely" && (isGiven(word) || (isName(word) && !isPlace(word)))) return true;
  if (cue === "weak" && isName(word) && !isPlace(word)) return true;
  if (isSureName(word)) return opensSentence ? isFamiliar(word) : true;
  if (isPlace(word)) return false;
  if (isUnknown(word)) return cue !== "none" && surnameEnding.test(word.folded);
  return isGiven(word) && !opensSentence;
};

const isFullName = (words: readonly NameWord[], full: readonly NameWord[], isEnglish: boolean): boolean => {
  const [first] = full;
  const names = full.filter(isName).length;
  const sure = full.filter(isSureName).length;
  if (full.every(({ isShouted }) => isShouted)) return names === full.length && sure > 0;
  if (sure > 0 && (isEnglish || names > 1 || (first !== undefined && isFamiliar(first)))) return true;
  if (names > 1) return first !== undefined && isGiven(first);
  const unknown = full.filter(isUnknown).length;
  const hasInitial = words.length > full.length;
  if (names > 0 && (unknown > 0 || hasInitial)) return true;
  if (!isEnglish) return hasInitial && names > 0;
  // Two words that no list knows, side by side and capitalised: rarely anything but a name.
  if (unknown === full.length && unknown > 0) return full.every(({ folded }) => folded.length > 1);
  return unknown > 0 && full.some((word) => isUnknown(word) && surnameEnding.test(word.folded));
};
