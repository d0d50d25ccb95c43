import { perWord } from "../../platform/language/per-word.ts";
import { foldName } from "./fold-name.ts";
import { lemmasOf } from "./lemmas.ts";
import type { NamedPlace, PlaceTable } from "./place-table.ts";
import type { Region, Regions } from "./regions.ts";

export interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly folded: string;
}

/** A place among several that a name may mean; `score` is its population, less for weak names and case forms. */
export interface Candidate extends NamedPlace {
  readonly inflected: boolean;
  readonly score: number;
}

/** A stretch of words that names a place. */
export interface Match {
  readonly from: number;
  /** Index after the last word of the name, and after a region behind it ("Paris, Texas"). */
  readonly nameTo: number;
  readonly to: number;
  /** The folded name that was found in the table. */
  readonly key: string;
  /** Best first; at least one. */
  readonly candidates: readonly Candidate[];
}

export interface MatchOptions {
  readonly locale: string;
  /** Whether words may be case forms; the plain words are looked up in any case. */
  readonly inflect: boolean;
}

const mostWordsOfName = 6;
const mostWordsOfRegion = 3;

/** The words of a text with their places in it; linear. */
export const wordsOf = (text: string): Word[] => {
  const words: Word[] = [];
  wordPattern.lastIndex = 0;
  for (let match = wordPattern.exec(text); match !== null; match = wordPattern.exec(text)) {
    const [found] = match;
    words.push({ start: match.index, end: match.index + found.length, text: found, folded: foldWord(found) });
  }
  return words;
};
const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['’ʼ׳״"][\p{L}\p{M}\p{N}]+)*/gu;
const foldWord = perWord(foldName);

/** Finds the longest name that begins at a word. Case forms are tried for every word of a name. */
export const createMatcher = (table: PlaceTable, regions: Regions) => {
  const rank = (key: string, inflected: boolean): Candidate[] =>
    table.named(key).map((named) => ({
      ...named,
      inflected,
      score: table.population(named.index) * (named.strong ? 1 : 0.02) * (inflected ? 0.5 : 1),
    }));

  const isIn = (index: number, { country, admin1 }: Region): boolean =>
    table.country(index) === country && (admin1 === undefined || table.admin1(index) === admin1);

  /** Regions named by words `at` to `to` (exclusive), also inflected. */
  const regionsOf = (words: readonly Word[], at: number, to: number, locale: string): readonly Region[] => {
    const exact = regions.named(
      words
        .slice(at, to)
        .map(({ text }) => text)
        .join(" "),
    );
    if (exact.length > 0 || to - at > 1) return exact;
    return lemmasOf(words[at]?.folded ?? "", locale).flatMap((lemma) => regions.named(lemma));
  };

  /** Narrows a match by the region named behind it; none when the region's place is not in the table. */
  const narrow = (match: Match, words: readonly Word[], text: string, locale: string): Match | undefined => {
    const gap = (index: number) => text.slice(words[index - 1]?.end ?? 0, words[index]?.start ?? text.length);
    let at = match.nameTo;
    if (at >= words.length || !/^[\s,(]{1,3}$/.test(gap(at))) return match;
    if (/^(in|w|we|у|в)$/.test(words[at]?.folded ?? "")) at += 1;
    for (let length = Math.min(mostWordsOfRegion, words.length - at); length > 0; length -= 1) {
      const within = regionsOf(words, at, at + length, locale);
      if (within.length === 0) continue;
      const isInside = ({ index }: Candidate) => within.some((region) => isIn(index, region));
      // "Paryż, Teksas": only the place's main name is borne by the other one.
      const namesakes = () =>
        match.candidates.slice(0, 3).flatMap(({ index }) => rank(foldName(table.place(index).name), false));
      const near = match.candidates.filter(isInside);
      const inside = near.length > 0 ? near : namesakes().filter(isInside);
      if (inside.length > 0) return { ...match, to: at + length, candidates: inside };
      // "Douglas, Maine": a Douglas that the table does not know. A state that is a city as well may be the next of a list.
      const isState = within.some(({ admin1 }) => admin1 !== undefined);
      if (isState && table.named(words[at]?.folded ?? "").length === 0) return undefined;
    }
    return match;
  };

  /** Whether a word as it stands is a name or begins one: cheap, and false for most words of most texts. */
  const begins = perWord((word) => table.isBeginning(word) || table.named(word).length > 0);
  const mayBegin = (words: readonly Word[], at: number): boolean => begins(words[at]?.folded ?? "");

  const match = (
    words: readonly Word[],
    from: number,
    text: string,
    { locale, inflect }: MatchOptions,
  ): Match | undefined => {
    if (!inflect && !mayBegin(words, from)) return undefined;
    let open: { key: string; inflected: boolean }[] = [{ key: "", inflected: false }];
    let best: Match | undefined;
    const last = Math.min(words.length, from + mostWordsOfName);
    for (let at = from; at < last && open.length > 0; at += 1) {
      const word = words[at];
      // A name does not run across a sentence's end.
      if (
        word === undefined ||
        (at > from && !/^[\s.'’׳״־–-]{1,3}$/.test(text.slice(words[at - 1]?.end ?? 0, word.start)))
      )
        break;
      const forms = [{ form: word.folded, inflected: false }];
      if (inflect) for (const form of lemmasOf(word.folded, locale)) forms.push({ form, inflected: true });
      const next: typeof open = [];
      const found: { key: string; candidates: Candidate[] }[] = [];
      for (const { key, inflected } of open) {
        for (const { form, inflected: changed } of forms) {
          const longer = key === "" ? form : `${key} ${form}`;
          const candidates = rank(longer, inflected || changed);
          if (candidates.length > 0) found.push({ key: longer, candidates });
          if (table.isBeginning(longer)) next.push({ key: longer, inflected: inflected || changed });
        }
      }
      open = next.slice(0, 16);
      const candidates = found.flatMap((one) => one.candidates).sort((a, b) => b.score - a.score);
      const [first] = candidates;
      if (first !== undefined) {
        const key = found.find((one) => one.candidates.includes(first))?.key ?? "";
        const distinct = candidates.filter(
          ({ index }, i) => candidates.findIndex((other) => other.index === index) === i,
        );
        best = { from, nameTo: at + 1, to: at + 1, key, candidates: distinct };
      }
    }
    return best && narrow(best, words, text, locale);
  };
  return Object.assign(match, { mayBegin });
};
