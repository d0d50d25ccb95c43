import type { FoundEvidence } from "../rag-service.ts";
import { formatDateTime, formatDay, formatMoney, formatNumber, isoDay, phrase } from "../render-text.ts";
import type { InstrumentKind } from "./instruments.ts";

/** What a piece of stocks evidence holds in `data`. */
export interface StockData {
  readonly kind: InstrumentKind;
  readonly symbol: string;
  readonly name: string;
  readonly price: number;
  readonly currency?: string;
  /** In percent, against the day before; absent where the source does not say. */
  readonly changePercent?: number;
  /** In percent, against today's opening. */
  readonly sinceOpenPercent?: number;
  readonly high?: number;
  readonly low?: number;
  readonly at: string;
  readonly timeKnown: boolean;
}

const amount = (value: number, { currency, kind }: StockData, locale: string): string => {
  if (kind === "index") {
    const points = formatNumber(value, locale, 2);
    return phrase(locale, { en: `${points} points`, pl: `${points} pkt` });
  }
  // Rates of currencies are told to the tenth of a thousandth, and money formats round to cents.
  if (kind === "currency" || currency === undefined || Math.abs(value) < 1) {
    return `${formatNumber(value, locale, 4)}${currency === undefined ? "" : ` ${currency}`}`;
  }
  return formatMoney(value, currency, locale);
};

const signed = (percent: number, locale: string): string =>
  `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${formatNumber(Math.abs(percent), locale, 2)}%`;

/** One quote in words: "Apple (AAPL.US): US$247.77, +1.20% since the day's opening; 1 August 2026 at 22:00." */
export const quoteSentence = (data: StockData, locale: string, timezone: string): string => {
  const change =
    data.changePercent !== undefined
      ? phrase(locale, {
          en: `${signed(data.changePercent, locale)} against the previous close`,
          pl: `${signed(data.changePercent, locale)} wobec poprzedniego zamknięcia`,
        })
      : data.sinceOpenPercent !== undefined
        ? phrase(locale, {
            en: `${signed(data.sinceOpenPercent, locale)} since the day's opening`,
            pl: `${signed(data.sinceOpenPercent, locale)} od otwarcia`,
          })
        : undefined;
  const range =
    data.low !== undefined && data.high !== undefined && data.low < data.high
      ? phrase(locale, {
          en: `day's range ${formatNumber(data.low, locale, 4)} to ${formatNumber(data.high, locale, 4)}`,
          pl: `zakres dnia od ${formatNumber(data.low, locale, 4)} do ${formatNumber(data.high, locale, 4)}`,
        })
      : undefined;
  const at = new Date(data.at);
  const when = data.timeKnown
    ? formatDateTime(at, locale, timezone)
    : formatDay(isoDay(at, "America/New_York"), locale);
  const label = data.name.toLowerCase() === data.symbol.toLowerCase() ? data.name : `${data.name} (${data.symbol})`;
  const figures = [amount(data.price, data, locale), change, range].filter(Boolean).join(", ");
  return phrase(locale, {
    en: `${label}: ${figures}; quoted ${when}.`,
    pl: `${label}: ${figures}; notowanie: ${when}.`,
  });
};

const isStockData = (data: object): data is StockData => "symbol" in data && "price" in data && "at" in data;

/** Quotes in sentences, one a line, each with the time of its quote, then the source. */
export const renderStocks = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const lines = evidence.flatMap(({ data }) => (isStockData(data) ? [quoteSentence(data, locale, timezone)] : []));
  if (lines.length === 0) return "";
  const names = [...new Set(evidence.map(({ sourceName }) => sourceName))].join(", ");
  return [...lines, phrase(locale, { en: `Source: ${names}.`, pl: `Źródło: ${names}.` })].join("\n");
};
