import type { OutboundRequest } from "../../platform/egress/outbound.ts";

/** One page that was found. */
export interface SearchResult {
  readonly title: string;
  readonly url: string;
  /** Plain text; may be empty. */
  readonly snippet: string;
  /** ISO 8601, where the engine knows it. */
  readonly published?: string;
}

export interface SearchQuestion extends Pick<OutboundRequest, "permit" | "signal" | "content"> {
  /** As it may leave. */
  readonly query: string;
  readonly locale: string;
}

/** A search engine. */
export interface SearchProvider {
  readonly name: string;
  /**
   * Pages in the engine's order, perhaps none.
   * @throws {AppError} UPSTREAM_UNAVAILABLE; EGRESS_BLOCKED.
   */
  search(question: SearchQuestion): Promise<readonly SearchResult[]>;
}
