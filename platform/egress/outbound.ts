import type { ContentKind, EgressPermit } from "./egress.ts";

export interface OutboundRequest {
  /** Name of the provider: in receipts, metrics and breaker; never in an error for the user as an address. */
  readonly provider: string;
  readonly url: URL;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly permit: EgressPermit;
  /** What of the user's is in the request; default `slots`. A web search carries the user's own words: `sentence`. */
  readonly content?: ContentKind;
  readonly signal: AbortSignal;
  /** Of one attempt; default 4,000. */
  readonly timeoutMs?: number;
  /** Largest reply in bytes; default 4 MiB. */
  readonly maxBytes?: number;
}

export interface OutboundReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * HTTP to a provider that the operator configured: asks `egress` (content: slots unless named), times out, retries idempotent requests
 * once on 429/5xx/connection errors with jitter and `Retry-After`, breaks the circuit per provider, follows no redirect to
 * another origin, bounds the reply.
 * @throws {AppError} UPSTREAM_UNAVAILABLE (retryable) for anything but a reply below 500 and ≠ 429; EGRESS_BLOCKED; the signal's reason when aborted.
 */
export type Outbound = (request: OutboundRequest) => Promise<OutboundReply>;
