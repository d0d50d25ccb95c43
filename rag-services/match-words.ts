import { foldText, wordsOf } from "../platform/language/normalise-text.ts";

/** What is left of a word without the letters that its case or number may change: `warszawa` → `warsz`, `wyborach` → `wybor`. */
const stemOf = (word: string): string => {
  const ending = word.length >= 8 ? 3 : word.length === 7 ? 2 : word.length >= 5 ? 1 : 0;
  return word.slice(0, word.length - ending);
};

// Hebrew writes "in", "to", "from", "the" and "and" as a letter before the word.
const hebrewPrefixed = /^[בלמהוש](?=[א-ת]{2})/;

const startsLike = (word: string, stem: string): boolean =>
  word.startsWith(stem) || (hebrewPrefixed.test(word) && word.slice(1).startsWith(stem));

/** Whether a text speaks of every one of these words, in any inflection. Nothing asked for is spoken of by any text. */
export const mentions = (text: string, asked: string): boolean => {
  const words = wordsOf(text);
  return wordsOf(asked).every((wanted) => {
    const stem = stemOf(wanted);
    return words.some((word) => startsLike(word, stem));
  });
};

// What stands between the words of a subject without being part of it.
const between = new Set(
  "the and for from about with into over oraz dla lub przy pod nad ile jak co się sie про для від або על את של עם".split(
    " ",
  ),
);

/** As `mentions`, for a subject in the user's own words: short words and those that only join others need not be there. */
export const speaksOf = (text: string, subject: string): boolean => {
  const words = wordsOf(subject).filter((word) => word.length > 2 && !between.has(word));
  return mentions(text, words.length > 0 ? words.join(" ") : subject);
};

/** Whether two names are one and the same but for case, diacritics and punctuation. */
export const sameName = (left: string, right: string): boolean =>
  left === right || (foldText(left) !== "" && wordsOf(left).join(" ") === wordsOf(right).join(" "));
