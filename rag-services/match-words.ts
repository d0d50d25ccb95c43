import { foldText, wordsOf } from "../platform/language/normalise-text.ts";

/** What is left of a word without the letters that its case or number may change: `warszawa` → `warsza`, `elections` → `electio`. */
const stemOf = (word: string): string => {
  if (word.length >= 7) return word.slice(0, -2);
  return word.length >= 5 ? word.slice(0, -1) : word;
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

/** Whether two names are one and the same but for case, diacritics and punctuation. */
export const sameName = (left: string, right: string): boolean =>
  left === right || (foldText(left) !== "" && wordsOf(left).join(" ") === wordsOf(right).join(" "));
