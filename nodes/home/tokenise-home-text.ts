export interface HomeToken {
  /** As written. */
  readonly text: string;
  /** Lower case, apostrophes of one kind. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

// A Hebrew prefix may touch a number (ל50), so Hebrew letters and digits never share a token; elsewhere they may (pm10).
const tokenPattern =
  /\d+(?:[.,/]\d+)?|[\u0590-\u05ff]+(?:['"][\u0590-\u05ff]+)*|[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:'[\p{L}\p{M}]+)*'?|[%°½]/gu;

/** The longest sentence that is looked at; no order to a home is longer. */
export const longestSentence = 500;

/** The words, numbers and signs of a sentence; punctuation separates and is left out. */
export const tokeniseHomeText = (text: string): readonly HomeToken[] => {
  const plain = text.replace(/[’ʼ‘`׳]/gu, "'").replace(/[״“”]/gu, '"');
  return [...plain.matchAll(tokenPattern)].map((match) => ({
    text: text.slice(match.index, match.index + match[0].length),
    word: match[0].toLowerCase().replace(/'$/u, ""),
    start: match.index,
    end: match.index + match[0].length,
  }));
};

/** Without diacritics, for text that was typed without any: `wlacz swiatlo`. */
export const foldWord = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l");
