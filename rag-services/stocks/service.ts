import { z } from "zod";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { createAlphaVantage } from "./alpha-vantage.ts";
import { createFinnhub } from "./finnhub.ts";
import { instrumentNamed, instrumentsOfTicker } from "./instruments.ts";
import type { Instrument, Quote, QuoteProvider } from "./quote.ts";
import { quoteSentence, renderStocks, type StockData } from "./render.ts";
import { createStooq } from "./stooq.ts";

export const StockSlots = z.object({
  ticker: z.string().trim().min(1).max(20).optional().describe("A ticker, e.g. 'AAPL', 'PKO.PL', '^SPX', 'EUR/USD'"),
  company: z.string().trim().min(1).max(100).optional().describe("A company, index, currency or metal by name"),
});
export type StockSlots = z.infer<typeof StockSlots>;

const freshSeconds = 60;

// Only capitals are told from ordinary words.
const looksLikeTicker = /^[$^]?[A-Z0-9][A-Z0-9./^=-]*$/;

/** What may be meant, likeliest first; a ticker is also tried as a name and the other way round, since people mix them up. */
const instrumentsOf = ({ ticker, company }: StockSlots, locale: string): readonly Instrument[] => {
  for (const [text, isTicker] of [
    [ticker, true],
    [company, false],
  ] as const) {
    if (text === undefined) continue;
    const asTicker = isTicker || looksLikeTicker.test(text) ? instrumentsOfTicker(text, locale) : [];
    const asName = instrumentNamed(text);
    const found = looksLikeTicker.test(text)
      ? [...asTicker, ...(asName ? [asName] : [])]
      : [...(asName ? [asName] : []), ...asTicker];
    if (found.length > 0) return [...new Map(found.map((entry) => [entry.symbol, entry])).values()].slice(0, 2);
  }
  return [];
};

/** A change in percent, to the hundredth. */
const percent = (now: number, before: number | undefined): number | undefined =>
  before === undefined || before <= 0 ? undefined : Math.round(((now - before) / before) * 10_000) / 100;

const toData = (quote: Quote, { symbol, known }: Instrument): StockData => {
  const changePercent = percent(quote.price, quote.previousClose);
  const sinceOpenPercent = percent(quote.price, quote.open);
  const currency = known?.currency ?? (symbol.endsWith(".us") ? "USD" : symbol.endsWith(".pl") ? "PLN" : undefined);
  return {
    kind: known?.kind ?? (symbol.startsWith("^") ? "index" : "stock"),
    symbol: quote.symbol,
    name: known?.name ?? quote.name ?? quote.symbol,
    price: quote.price,
    ...(currency === undefined ? {} : { currency }),
    ...(changePercent === undefined ? {} : { changePercent }),
    ...(sinceOpenPercent === undefined ? {} : { sinceOpenPercent }),
    ...(quote.high === undefined ? {} : { high: quote.high }),
    ...(quote.low === undefined ? {} : { low: quote.low }),
    at: quote.at,
    timeKnown: quote.timeKnown,
  };
};

/**
 * Quotes of stocks, indices, currencies, metals and coins, each with its time.
 *
 * For US stocks a keyed source goes first: Finnhub is in real time, Alpha Vantage has the previous close; Stooq's quotes are
 * up to 15 minutes late. Stooq has every other market and takes over for all.
 */
export const createStocks = ({
  settings,
  outbound,
}: Pick<ServiceDeps, "settings" | "outbound">): RagService<StockSlots> => {
  const deps = { settings, outbound };
  const providers: readonly QuoteProvider[] = [
    ...(settings.FINNHUB_API_KEY ? [createFinnhub(deps, settings.FINNHUB_API_KEY)] : []),
    ...(settings.ALPHAVANTAGE_API_KEY ? [createAlphaVantage(deps, settings.ALPHAVANTAGE_API_KEY)] : []),
    createStooq(deps),
  ];

  /** The quote of the first instrument that is listed at all. */
  const firstListed = async (instruments: readonly Instrument[], context: ServiceContext, nothing: () => AppError) => {
    for (const instrument of instruments) {
      const able = providers.filter((provider) => provider.covers(instrument));
      try {
        const answered = await firstThatAnswers(able, (candidate) => candidate.quote(instrument, context), context);
        return { ...answered, instrument };
      } catch (error) {
        if (!isAppError(error, "NOT_FOUND")) throw error;
      }
    }
    throw nothing();
  };

  return {
    id: "stocks",
    intents: ["stocks"],
    slots: StockSlots,
    providers: providers.map(({ name }) => name),
    async query(slots, context) {
      await checkSlots(context.permit, slots);
      const { locale, timezone } = context;
      const asked = slots.company ?? slots.ticker;
      if (asked === undefined) {
        throw slotError("company", locale, {
          en: "Which company, index or currency do you want the price of?",
          pl: "Kurs jakiej spółki, indeksu lub waluty mam podać?",
        });
      }
      const nothing = () =>
        new AppError(
          "NOT_FOUND",
          phrase(locale, {
            en: `I know no listed company, index or currency called "${asked}". Its ticker would help.`,
            pl: `Nie znam spółki giełdowej, indeksu ani waluty o nazwie „${asked}”. Pomógłby symbol (ticker).`,
          }),
        );
      const { value, provider, degraded, instrument } = await firstListed(
        instrumentsOf(slots, locale),
        context,
        nothing,
      );
      const data = toData(value, instrument);
      const evidence: FoundEvidence = {
        service: "stocks",
        title: `${data.name} (${data.symbol})`,
        text: quoteSentence(data, locale, timezone),
        data: { ...data },
        sourceName: provider.name,
        sourceUrl: value.url,
        observedAt: value.at,
        expiresAt: new Date(context.now.getTime() + freshSeconds * 1_000).toISOString(),
        score: 1,
      };
      return { evidence: [evidence], degraded };
    },
    render: renderStocks,
  };
};
