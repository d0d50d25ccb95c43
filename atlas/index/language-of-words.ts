import type { TextLanguage } from "./languages.ts";
import { stopWords } from "./stop-words.ts";

/** Words looked at: enough to be sure. */
const mostWords = 400;

/**
 * The language whose rules a text's words (from `splitWords`) are analysed by: the script tells, and of Latin script the words
 * of the grammar and the letters. English where nothing tells, Ukrainian for any Cyrillic.
 */
export const languageOfWords = (words: readonly string[]): TextLanguage => {
  let hebrew = 0;
  let cyrillic = 0;
  let latin = 0;
  let english = 0;
  let polish = 0;
  for (const word of words.length > mostWords ? words.slice(0, mostWords) : words) {
    const code = word.codePointAt(0) ?? 0;
    if (code >= 0x5d0 && code <= 0x5ea) hebrew += 1;
    else if (code >= 0x400 && code <= 0x52f) cyrillic += 1;
    else if (code >= 0x61 && code <= 0x24f) {
      latin += 1;
      if (stopWords.en.has(word)) english += 1;
      if (stopWords.pl.has(word)) polish += 1;
      if (/[ąćęłńśźż]/.test(word)) polish += 1;
    }
  }
  if (hebrew > 0 && hebrew >= cyrillic && hebrew >= latin) return "he";
  if (cyrillic > 0 && cyrillic >= latin) return "uk";
  return polish > english ? "pl" : "en";
};
