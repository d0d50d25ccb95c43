import { eng, heb, pol, ukr } from "stopword";
import { perWord } from "../../../platform/language/per-word.ts";

const stopWords = new Set([...eng, ...heb, ...pol, ...ukr].map((word) => word.toLowerCase().replace(/[’ʼ]/g, "'")));
for (const word of `is are was were be been has have had will would can could may might should about around over under than then also just only still more most less least very now today tomorrow here there currently
  jest są był była było będzie mają masz jako tylko jeszcze już bardzo około ponad teraz dziś jutro oraz oczywiście
  є був була було буде мають також лише ще вже дуже близько понад зараз сьогодні завтра приблизно
  יש היה הייתה יהיה תהיה הוא היא הם רק עוד כבר מאוד בערך עכשיו היום מחר כרגע`.split(/\s+/))
  stopWords.add(word);

/**
 * What a word is matched by through its inflections: its beginning (Hebrew: without a one-letter prefix and plural). Undefined
 * for words of the grammar and very short ones.
 */
export const contentStem = perWord((lower: string): string | undefined => {
  if (lower.length < 3 || stopWords.has(lower) || !/^\p{L}/u.test(lower)) return undefined;
  if (/^[א-ת]/.test(lower)) {
    const bare = lower.length > 4 && /^[ובלמהשכ]/.test(lower) ? lower.replace(/^(?:ו[בלמהשכ]|[ובלמהשכ])/, "") : lower;
    return stopWords.has(bare) ? undefined : bare.replace(/(?:ים|ות|ה|ת)$/, "");
  }
  const length = lower.length <= 4 ? 3 : lower.length <= 7 ? 4 : 5;
  return lower.slice(0, length);
});
