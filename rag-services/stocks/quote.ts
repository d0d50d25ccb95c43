import type { ServiceContext } from "../rag-service.ts";
import type { KnownInstrument } from "./instruments.ts";

/** What is asked for: its symbol in Stooq's spelling (`aapl.us`, `pko.pl`, `^spx`, `eurusd`), and what we know of it. */
export interface Instrument {
  readonly symbol: string;
  readonly known?: KnownInstrument;
}

/** One price with its time. */
export interface Quote {
  readonly symbol: string;
  /** As the source writes it; absent where it sends none. */
  readonly name?: string;
  readonly price: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly previousClose?: number;
  readonly volume?: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** False when only the trading day is known. */
  readonly timeKnown: boolean;
  readonly url: string;
}

/** A source of quotes. */
export interface QuoteProvider {
  readonly name: string;
  covers(instrument: Instrument): boolean;
  /** @throws {AppError} NOT_FOUND for a symbol that it does not have; UPSTREAM_UNAVAILABLE. */
  quote(instrument: Instrument, context: ServiceContext): Promise<Quote>;
}
