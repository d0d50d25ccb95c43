import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import { instantOf } from "../zoned-time.ts";
import type { QuoteProvider } from "./quote.ts";

const name = "Alpha Vantage";
const figure = z.string().transform(Number).pipe(z.number());
const Quote = z.object({
  "02. open": figure,
  "03. high": figure,
  "04. low": figure,
  "05. price": figure,
  "06. volume": figure,
  "07. latest trading day": z.iso.date(),
  "08. previous close": figure,
});
// An unknown symbol is answered with an empty object; a used-up limit with a note instead of a quote, and status 200.
const Reply = z.object({ "Global Quote": z.union([Quote, z.strictObject({})]) });

/** Alpha Vantage's last quote of US stocks, by trading day. Its free key has few calls a day, and is part of the address. */
export const createAlphaVantage = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): QuoteProvider => ({
  name,
  covers: ({ symbol }) => symbol.endsWith(".us"),
  async quote({ symbol }, { permit, signal }) {
    const ticker = symbol.slice(0, -3).toUpperCase();
    const url = providerUrl(settings.ALPHAVANTAGE_URL, "query", {
      function: "GLOBAL_QUOTE",
      symbol: ticker,
      apikey: key,
    });
    const reply = await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs });
    const quote = parseReply(Reply, reply, name)["Global Quote"];
    if (!("05. price" in quote)) throw new AppError("NOT_FOUND", `${name} has no such symbol.`);
    return {
      symbol: symbol.toUpperCase(),
      price: quote["05. price"],
      open: quote["02. open"],
      high: quote["03. high"],
      low: quote["04. low"],
      previousClose: quote["08. previous close"],
      volume: quote["06. volume"],
      at: instantOf(`${quote["07. latest trading day"]}T16:00`, "America/New_York").toISOString(),
      timeKnown: false,
      url: "https://www.alphavantage.co",
    };
  },
});
