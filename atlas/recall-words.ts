import { eng, heb, pol, ukr } from "stopword";

// Words in which people ask about the past; they would match every earlier question.
const asking = `me s t ve re ll d don said say says tell told talk talked mention mentioned remember recall know ask asked
 mówiłem mówiłam powiedziałem powiedziałam mówiliśmy pamiętasz wspominałem wspominałam
 казав казала говорив говорила пам'ятаєш памятаєш сказав сказала згадував згадувала
 אמרתי סיפרתי זוכר זוכרת דיברנו ספר ספרי`;

const stopWords: ReadonlySet<string> = new Set(
  [...eng, ...pol, ...ukr, ...heb, ...asking.split(/\s+/)].map((word) => word.toLowerCase()),
);

/** Words that carry the meaning of a text, in lower case, each once: letters and digits, common words left out unless there are no others. */
export const meaningfulWords = (text: string): string[] => {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];
  const chosen = words.filter((word) => !stopWords.has(word));
  return chosen.length > 0 ? chosen : words;
};

/** The beginning that inflected forms of a word share, roughly: long words lose their last two letters. */
export const stemOf = (word: string): string => (word.length >= 6 ? word.slice(0, -2) : word);

export interface Term {
  readonly word: string;
  readonly stem: string;
}

/** How much of each term a text holds: 1 the word itself, 0.7 another form of it, 0 nothing. Linear in the text's length. */
export const matchTerms = (terms: readonly Term[], text: string): number[] => {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const stemLengths = new Set(terms.map(({ stem }) => stem.length));
  const beginnings = new Set<string>();
  for (const length of stemLengths) for (const word of words) beginnings.add(word.slice(0, length));
  return terms.map(({ word, stem }) => (words.has(word) ? 1 : beginnings.has(stem) ? 0.7 : 0));
};
