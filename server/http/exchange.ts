import type { Response } from "express";
import type { Surface } from "../route.ts";

/** What is known of one request from its first byte to its last. */
export interface Exchange {
  readonly requestId: string;
  /** `performance.now()` when the request arrived. */
  readonly startedAt: number;
  /** Whose error envelope applies; told by the path until a route matched. */
  surface: Surface;
  /** Path pattern of the matched route: the metrics' label; `none` until one matched. */
  routePath: string;
}

/** Attaches the exchange to its response. */
export const setExchange = (response: Response, exchange: Exchange): void => {
  response.locals.exchange = exchange;
};

/** The exchange of a response that `beginExchange` has seen. */
export const exchangeOf = (response: Response): Exchange => response.locals.exchange as Exchange;
