import { stemmer as stemEnglish } from "@orama/stemmers/english";
import { stemmer as stemUkrainian } from "@orama/stemmers/ukrainian";
import { foldMarks } from "./fold-marks.ts";
import type { TextLanguage } from "./languages.ts";
import { stemHebrew } from "./stem-hebrew.ts";
import { stemPolish } from "./stem-polish.ts";

/** Fewer letters say too little: Київ would become ки. */
const fewestLettersLeft = 3;
const mostRemembered = 20_000;

const unlessTooShort = (stem: string, word: string): string => (stem.length < fewestLettersLeft ? word : stem);

const stemmers: Readonly<Record<TextLanguage, (word: string) => string>> = {
  en: (word) => {
    const bare = foldMarks(word.replace(/'s$/, "").replaceAll("'", ""));
    return unlessTooShort(stemEnglish(bare), bare);
  },
  pl: (word) => stemPolish(word.replaceAll("'", "")),
  uk: (word) => {
    const bare = word.replaceAll("'", "");
    return unlessTooShort(stemUkrainian(bare), bare);
  },
  he: (word) => stemHebrew(word.replaceAll("'", "")),
};

const scriptOf = (word: string, language: TextLanguage): TextLanguage => {
  const code = word.codePointAt(0) ?? 0;
  if (code >= 0x5d0 && code <= 0x5ea) return "he";
  if (code >= 0x400 && code <= 0x52f) return "uk";
  return language === "pl" ? "pl" : "en";
};

const remembered = new Map<string, string>();

/**
 * What the forms of a word (from `splitWords`) have in common, by the rules of its script and, in Latin script, of the text's
 * language; never empty. Words with a digit stay whole.
 */
export const stemWord = (word: string, language: TextLanguage): string => {
  const rules = scriptOf(word, language);
  const key = `${rules} ${word}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const stem = (/\p{N}/u.test(word) ? word : stemmers[rules](word)) || word;
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, stem);
  return stem;
};
