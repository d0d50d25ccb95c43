import { languageOfWords } from "./language-of-words.ts";
import type { TextLanguage } from "./languages.ts";
import { splitWords } from "./split-words.ts";
import { stemWord } from "./stem-word.ts";
import { stopWords } from "./stop-words.ts";

export interface AnalysedText {
  readonly language: TextLanguage;
  /** Stems of the words that carry meaning, in order. */
  readonly stems: readonly string[];
}

/** The stems of a text, by the language it is written in unless one is given. Linear in the text's length. */
export const analyseText = (text: string, given?: TextLanguage): AnalysedText => {
  const words = splitWords(text);
  const language = given ?? languageOfWords(words);
  const stops = stopWords[language];
  return { language, stems: words.filter((word) => !stops.has(word)).map((word) => stemWord(word, language)) };
};
