import { restOfPhrase, stems } from "./rest-of-phrase.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

const ticker = /(?<![\p{L}\p{N}.&])(\$?[A-Z]{1,5}(?:\.[A-Z]{1,3})?|\^[A-Z]{2,6})(?![\p{L}\p{N}&])/gu;
// Capitals that are said about stocks without being one; single letters are rarely meant as one.
const notTickers = new Set([
  "I",
  "A",
  "US",
  "USA",
  "UK",
  "EU",
  "ETF",
  "IPO",
  "CEO",
  "USD",
  "EUR",
  "PLN",
  "UAH",
  "ILS",
  "GBP",
  "NASDAQ",
  "NYSE",
  "DAX",
  "S",
  "P",
  "GPW",
  "AM",
  "PM",
  "OK",
]);

const tickerIn = (text: string): string | undefined => {
  for (const match of text.slice(0, 300).matchAll(ticker)) {
    const found = match[1]!.replace(/^\$/, "");
    if (!notTickers.has(found) && (found.length > 1 || match[1]!.startsWith("$"))) return found;
  }
  return undefined;
};

/** A ticker in capitals (`AAPL`, `PKO.PL`, `^SPX`). */
export const tickerRecogniser: SlotRecogniser = {
  whole: (words) => tickerIn(words),
  find: (text) => tickerIn(text),
};

const carriers = stems(
  `stock stocks share shares price prices quote quotes trading traded trade market exchange worth value cap close closed closing open opening
   ticker rate doing performance index perform down rise rose fall falling fell cost costs one sell
   akcj kurs notowan gield cena ceny kosztuje wart stoi spadl wzrosl zamkn indeks gieldzie indeksu
   акці котируван бірж ціна ціни коштує вартість впал індекс курс закрив справи почім
   מניית מניות המניה שער מחיר בורסה הבורסה בבורסה נסחרת שווה עולה ירדו מדד בכמה נסגר מצב`,
);

/** A company, index, currency or metal by name: what is left of a question about the market. */
export const companyRecogniser: SlotRecogniser = {
  whole: (words) => find(words),
  find: (text) => find(text),
};

const find = (text: string): string | undefined => {
  // What is a ticker already is no name as well.
  if (tickerIn(text) !== undefined) return undefined;
  const rest = restOfPhrase(text, carriers);
  return rest !== undefined && rest.split(/\s+/).length <= 5 ? rest : undefined;
};
