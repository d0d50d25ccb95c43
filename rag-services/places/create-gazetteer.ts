import { commonWords, fillers, prepositions } from "./common-words.ts";
import { scriptOf } from "./lemmas.ts";
import { createMatcher, type Match, type Word, wordsOf } from "./match-names.ts";
import type { FoundPlace, Gazetteer } from "./place.ts";
import { loadPlaceTable } from "./place-table.ts";
import { createRegions } from "./regions.ts";

const mostAlternatives = 5;
const longestPhrase = 200;
/** Bounds for hostile texts, far above any question: words looked at, names tried in earnest, places given. */
const mostWords = 20_000;
const mostTries = 1_000;
const mostInflected = 300;
const mostFound = 100;

const startsUpper = (text: string): boolean => /^\p{Lu}/u.test(text);

/** Whether a word may be a place's name in another case: in lower case only after a preposition. */
const isLikely = (words: readonly Word[], at: number): boolean => {
  const word = words[at];
  if (word === undefined) return false;
  return startsUpper(word.text) || scriptOf(word.folded) === "hebrew" || prepositions.has(words[at - 1]?.folded ?? "");
};

/** The country whose small towns are likely meant in a language. */
const localCountry = (locale: string): string | undefined =>
  ({ pl: "PL", uk: "UA", he: "IL" })[locale.slice(0, 2).toLowerCase()];

/**
 * The shipped gazetteer (GeoNames places over 15,000 people): loads in a tenth of a second, answers in microseconds, never
 * leaves the process. Among places of one name the most populous is taken; the others are `alternatives`.
 */
export const createGazetteer = (): Gazetteer => {
  const table = loadPlaceTable();
  const match = createMatcher(table, createRegions());

  const toFound = ({ candidates, from, to }: Match, words: readonly Word[], text: string): FoundPlace => {
    const [first, ...others] = candidates;
    const place = table.place(first?.index ?? 0);
    // Obscure names of other places are no alternatives to a well-known one, nor are case forms to what was written plainly.
    const alternatives = others
      .filter(({ strong, inflected }) => (strong || !first?.strong) && (!inflected || first?.inflected))
      .slice(0, mostAlternatives)
      .map(({ index }) => table.place(index));
    return { place, alternatives, matched: text.slice(words[from]?.start ?? 0, words[to - 1]?.end ?? text.length) };
  };

  /** Whether what was matched inside running text is meant as a place: the less telling the word, the more its surroundings must say. */
  const isMeant = (
    { from, nameTo, to, key, candidates }: Match,
    words: readonly Word[],
    text: string,
    locale: string,
  ): boolean => {
    const [first] = candidates;
    const word = words[from];
    if (first === undefined || word === undefined) return false;
    const population = table.population(first.index);
    if (scriptOf(word.folded) === "hebrew") {
      if (commonWords.has(key)) return first.inflected && /^[בלמ]/.test(word.folded) && nameTo - from > 1;
      const local = table.country(first.index) === "IL";
      return key.length >= 3 && (first.strong || key.length >= 5) && (local || population >= 100_000);
    }
    const before = words[from - 1];
    const isLed =
      before !== undefined &&
      prepositions.has(before.folded) &&
      /^[\s-]{1,3}$/.test(text.slice(before.end, word.start));
    const isUpper = startsUpper(word.text);
    if (to > nameTo && (isUpper || (isLed && !commonWords.has(key)))) return true; // "Of, Turkey"
    if (key.length <= 3 || commonWords.has(key)) return isUpper && isLed && first.strong;
    if (!first.strong) return isUpper && isLed && !first.inflected && population >= 20_000;
    if (isUpper) {
      const opensSentence = before === undefined || /[.!?\n]/.test(text.slice(before.end, word.start));
      const isNear = localCountry(locale) === table.country(first.index);
      if (isLed) return !first.inflected || isNear || population >= (key.length >= 5 ? 20_000 : 100_000);
      if (first.inflected) return !opensSentence && key.length >= 5 && (isNear || population >= 100_000);
      return population >= 50_000 || (isNear && !opensSentence);
    }
    if (first.inflected) return isLed && key.length >= 5 && population >= 50_000;
    if (isLed) return population >= 20_000;
    return population >= (key.length >= 5 ? 100_000 : 500_000);
  };

  const whole = (phrase: string, locale: string): FoundPlace | undefined => {
    const words = wordsOf(phrase);
    for (let from = 0; from < words.length; from += 1) {
      const found = match(words, from, phrase, { locale, inflect: true });
      if (found !== undefined && found.to === words.length) return toFound(found, words, phrase);
      const folded = words[from]?.folded ?? "";
      if (!prepositions.has(folded) && !fillers.has(folded)) return undefined;
    }
    return undefined;
  };

  return {
    resolve(phrase, locale) {
      const text = phrase.slice(0, longestPhrase);
      // The locale may be a wrong guess: Polish endings are a second try for everyone.
      return whole(text, locale) ?? whole(text, "pl");
    },
    find(text, locale) {
      const words = wordsOf(text).slice(0, mostWords);
      const found: FoundPlace[] = [];
      let tries = 0;
      for (let from = 0; from < words.length && tries < mostTries && found.length < mostFound; ) {
        const inflect = tries < mostInflected && isLikely(words, from);
        const matched = match(words, from, text, { locale, inflect });
        if (inflect || match.mayBegin(words, from)) tries += 1;
        if (matched !== undefined && isMeant(matched, words, text, locale)) {
          found.push(toFound(matched, words, text));
          from = matched.to;
        } else from += 1;
      }
      return found;
    },
  };
};
