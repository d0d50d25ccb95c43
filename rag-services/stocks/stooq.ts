import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, expectOk, providerUrl } from "../provider.ts";
import { instantOf } from "../zoned-time.ts";
import type { Quote, QuoteProvider } from "./quote.ts";

const name = "Stooq";
const zone = "Europe/Warsaw"; // Stooq writes all its times in Polish time
const columns = ["Symbol", "Date", "Time", "Open", "High", "Low", "Close", "Volume", "Name"];

/** Stooq writes stocks of the Warsaw exchange without a market. */
const stooqSymbol = (symbol: string): string => symbol.replace(/\.pl$/, "");

const unreadable = () => new AppError("UPSTREAM_UNAVAILABLE", `${name} sent something that cannot be read.`);

/**
 * The quote in Stooq's CSV (`Symbol,Date,Time,Open,High,Low,Close,Volume,Name`, one row).
 * @throws {AppError} NOT_FOUND for a row of "N/D"; UPSTREAM_UNAVAILABLE for anything else, such as the notice that today's limit is used up.
 */
export const parseStooqCsv = (csv: string, symbol: string): Quote => {
  const [head = "", row = ""] = csv.trim().split(/\r?\n/);
  if (head.trim() !== columns.join(",")) throw unreadable();
  const [, date = "", time = "", open = "", high = "", low = "", close = "", volume = "", ...rest] = row.split(",");
  if (close === "N/D" || date === "N/D") throw new AppError("NOT_FOUND", `${name} has no such symbol.`);
  const timeKnown = /^\d{2}:\d{2}(:\d{2})?$/.test(time);
  const at = instantOf(timeKnown ? `${date}T${time}` : date, zone);
  const price = Number(close);
  if (close === "" || !Number.isFinite(price) || Number.isNaN(at.getTime())) throw unreadable();
  const figure = (text: string): number | undefined =>
    text === "" || text === "N/D" || !Number.isFinite(Number(text)) ? undefined : Number(text);
  const figures = { open: figure(open), high: figure(high), low: figure(low), volume: figure(volume) };
  const given = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined && value !== 0));
  const title = rest.join(",").trim();
  return {
    symbol: symbol.toUpperCase(),
    ...(title && title.toLowerCase() !== stooqSymbol(symbol) ? { name: title } : {}),
    price,
    ...given,
    at: at.toISOString(),
    timeKnown,
    url: `https://stooq.com/q/?s=${encodeURIComponent(stooqSymbol(symbol))}`,
  };
};

/** Stooq's last quote: every market, index, currency and metal that it has, some of them with a delay. */
export const createStooq = ({ settings, outbound }: { settings: Settings; outbound: Outbound }): QuoteProvider => ({
  name,
  covers: () => true,
  async quote({ symbol }, { permit, signal }) {
    // The flag `h` stands alone in Stooq's own links; with an empty value it means the same.
    const url = providerUrl(settings.STOOQ_URL, "q/l/", { s: stooqSymbol(symbol), f: "sd2t2ohlcvn", h: "", e: "csv" });
    const reply = await outbound({
      provider: name,
      url,
      permit,
      signal,
      timeoutMs: attemptTimeoutMs,
      maxBytes: 65_536,
    });
    return parseStooqCsv(expectOk(reply, name), symbol);
  },
});
