import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { QuoteProvider } from "./quote.ts";

const name = "Finnhub";
const number = z.number();
// An unknown symbol is answered with zeros and nulls.
const Reply = z.object({ c: number, d: number.nullable(), h: number, l: number, o: number, pc: number, t: number });

/** Finnhub's quotes in real time, of US stocks only: other markets are not in its free plan. The key goes in a header. */
export const createFinnhub = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): QuoteProvider => ({
  name,
  covers: ({ symbol }) => symbol.endsWith(".us"),
  async quote({ symbol }, { permit, signal }) {
    const ticker = symbol.slice(0, -3).toUpperCase().replace("-", ".");
    const reply = await outbound({
      provider: name,
      url: providerUrl(settings.FINNHUB_URL, "api/v1/quote", { symbol: ticker }),
      headers: { "X-Finnhub-Token": key },
      permit,
      signal,
      timeoutMs: attemptTimeoutMs,
    });
    const { c, h, l, o, pc, t } = parseReply(Reply, reply, name);
    if (t === 0 || c === 0) throw new AppError("NOT_FOUND", `${name} has no such symbol.`);
    return {
      symbol: symbol.toUpperCase(),
      price: c,
      open: o,
      high: h,
      low: l,
      previousClose: pc,
      at: new Date(t * 1_000).toISOString(),
      timeKnown: true,
      url: "https://finnhub.io",
    };
  },
});
