import { wordsOf } from "../../platform/language/normalise-text.ts";
import { mentions, sameName } from "../match-words.ts";
import { currencies, instrumentRows } from "./instrument-rows.ts";
import type { Instrument } from "./quote.ts";

export type InstrumentKind = "stock" | "index" | "currency" | "crypto" | "metal" | "commodity";

/** An instrument that people ask for by name. */
export interface KnownInstrument {
  /** In Stooq's spelling, with `.pl` for Warsaw. */
  readonly symbol: string;
  readonly name: string;
  readonly kind: InstrumentKind;
  /** Of the price; indices have points, not money. */
  readonly currency?: string;
  /** Other names, also Polish ones. */
  readonly aliases: readonly string[];
}

const known: readonly KnownInstrument[] = instrumentRows.flatMap(({ kind, currency, suffix, rows }) =>
  rows
    .split("\n")
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row): KnownInstrument => {
      const [symbol = "", names = ""] = row.split(" = ");
      const [name = "", ...aliases] = names.split(" | ");
      return { symbol: `${symbol}${suffix}`, name, kind, ...(currency === undefined ? {} : { currency }), aliases };
    }),
);

const bySymbol = new Map(known.map((entry) => [entry.symbol, entry]));
const isCurrency = (code: string): boolean => currencies.some(([entry]) => entry === code);

const asInstrument = (symbol: string): Instrument => {
  const entry = bySymbol.get(symbol);
  return { symbol, ...(entry === undefined ? {} : { known: entry }) };
};

/** The pair of two currencies or metals: the price of one `base` in `quote`. */
const asPair = (base: string, quote: string): Instrument => {
  const symbol = `${base}${quote}`;
  const metal = bySymbol.get(`${base}usd`); // gold, silver and coins are written like currencies
  const name =
    metal !== undefined ? `${metal.name} (${quote.toUpperCase()})` : `${base.toUpperCase()}/${quote.toUpperCase()}`;
  const kind = metal?.kind ?? "currency";
  return { symbol, known: { symbol, name, kind, currency: quote.toUpperCase(), aliases: [] } };
};

/** A lone currency is priced in złoty, the złoty itself as what a dollar costs. */
const loneCurrency = (code: string): Instrument => asPair(code === "pln" ? "usd" : code, "pln");

const named = (words: string): KnownInstrument | undefined =>
  known.find((entry) => [entry.name, ...entry.aliases].some((name) => sameName(name, words)));

/**
 * What a ticker may mean, likeliest first: `AAPL`, `aapl.us`, `PKO`, `PKO.WA`, `^SPX`, `EUR/USD`, `BTC`. A bare ticker that
 * only our Warsaw table has may still be an American one, unless the user speaks Polish. Empty for what is no ticker.
 */
export const instrumentsOfTicker = (ticker: string, locale: string): readonly Instrument[] => {
  const written = ticker.trim().replace(/^\$/, "").toLowerCase();
  if (!/^\^?[a-z0-9][a-z0-9._/=-]{0,14}$/.test(written)) return [];
  if (isCurrency(written)) return [loneCurrency(written)];
  const [, base, quote] = /^([a-z]{3})[/_-]?([a-z]{3})(?:=x)?$/.exec(written) ?? [];
  if (base && quote && isCurrency(quote) && (isCurrency(base) || bySymbol.has(`${base}usd`))) {
    return [bySymbol.has(`${base}${quote}`) ? asInstrument(`${base}${quote}`) : asPair(base, quote)];
  }
  if (written.startsWith("^") || bySymbol.has(written)) return [asInstrument(written)];
  const [, stem, market] = /^([a-z0-9-]+)\.([a-z]{1,2})$/.exec(written) ?? [];
  if (stem && (market === "a" || market === "b")) return [asInstrument(`${stem}-${market}.us`)]; // classes of shares
  if (stem && market) return [asInstrument(`${stem}.${markets[market] ?? market}`)];
  const exact = named(written);
  const american = asInstrument(`${written.replace(".", "-")}.us`);
  const polish = bySymbol.has(`${written}.pl`) ? [asInstrument(`${written}.pl`)] : [];
  if (american.known !== undefined) return [american, ...polish];
  if (exact !== undefined) return [{ symbol: exact.symbol, known: exact }];
  const unknown = /^[a-z]{1,5}(-[a-z])?$/.test(written) ? [american] : [];
  return /^pl\b/i.test(locale) ? [...polish, ...unknown] : [...unknown, ...polish];
};

// Markets as other sources write them, in Stooq's spelling.
const markets: Readonly<Record<string, string>> = { wa: "pl", l: "uk", t: "jp" };

// What stands around the names of currencies without meaning another thing ("Dollar Tree" is none).
const fillers =
  /^(kurs\w*|rate|exchange|price|cena|ceny|value|us|american|amerykan\w*|british|brytyjsk\w*|swiss|szwajcarsk\w*|polish|polsk\w*|ukrainian|ukrain\w*|israeli|izraelsk\w*|japanese|japonsk\w*|to|in|into|do|w|we|na|za|wobec|vs|versus|against|and|i|a|the|of|for|1|one|jeden|jedno|jednego|курс\w*|до)$/u;

// An ending of up to three letters: "dolarami", but not "eurocash".
const isFormOf = (word: string, form: string): boolean => word.startsWith(form) && word.length <= form.length + 3;

/** The currency or pair of currencies that words name and nothing else; undefined for anything more. */
const currencyNamed = (words: readonly string[]): Instrument | undefined => {
  const codes: string[] = [];
  for (const word of words) {
    const entry = currencies.find(([code, ...forms]) => word === code || forms.some((form) => isFormOf(word, form)));
    if (entry === undefined && !fillers.test(word)) return undefined;
    if (entry !== undefined && !codes.includes(entry[0])) codes.push(entry[0]);
  }
  const [base, quote] = codes;
  if (base === undefined) return undefined;
  return quote === undefined ? loneCurrency(base) : asPair(base, quote);
};

/** The instrument that a name means, in inflections too ("Orlenu", "kurs euro do dolara"); undefined when none does. */
export const instrumentNamed = (name: string): Instrument | undefined => {
  const exact = named(name);
  if (exact !== undefined) return { symbol: exact.symbol, known: exact };
  const spoken = known
    .flatMap((entry) => [entry.name, ...entry.aliases].map((alias) => ({ entry, alias })))
    .filter(({ alias }) => alias.length > 3 && mentions(name, alias))
    .sort((left, right) => right.alias.length - left.alias.length)[0]?.entry;
  return currencyNamed(wordsOf(name)) ?? (spoken && { symbol: spoken.symbol, known: spoken });
};
