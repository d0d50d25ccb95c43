import type { EgressPermit } from "../platform/egress/egress.ts";

/**
 * Free words of the user (a topic, a title, a team) as they may leave under the query's class: with placeholders where it
 * asks for them. Values of fixed kinds (dates, tickers from our table, country codes) need no such care.
 * @throws {AppError} EGRESS_BLOCKED when that cannot be told.
 */
export const outgoingText = (text: string, permit: EgressPermit): string =>
  permit.class === "sanitized" || permit.class === "generalised" ? permit.conceal(text) : text;
