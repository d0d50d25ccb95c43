import { setTimeout as sleep } from "node:timers/promises";
import { AppError, isAppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createBreakers } from "./breakers.ts";
import type { Egress } from "./egress.ts";
import type { Outbound, OutboundReply, OutboundRequest } from "./outbound.ts";
import { SendError, sendOnce } from "./send-once.ts";

export interface OutboundDeps {
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "providerCalls" | "breakerOpen">;
  readonly fetch?: typeof globalThis.fetch;
  /** Failures in a row after which a provider is left alone; default 5. */
  readonly breakerThreshold?: number;
  /** For how long; default 10,000. */
  readonly breakerOpenMs?: number;
  /** Longest `Retry-After` that is waited for; default 1,500. */
  readonly longestRetryAfterMs?: number;
}

const userAgent = "Athena/0.1 (+self-hosted assistant)";
const defaultTimeoutMs = 4_000;
const defaultMaxBytes = 4 * 1024 * 1024;

/** A reply that says "not now", kept as an error so that breaker and retry see it. */
class RefusedError extends AppError {
  readonly status: number;
  constructor(provider: string, status: number, retryAfterSeconds: number | undefined) {
    const what = status === 429 ? "says that it is asked too often" : "has a failure of its own";
    super("UPSTREAM_UNAVAILABLE", `${provider} ${what}.`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    this.status = status;
  }
}

/** `Retry-After` in seconds (both forms of the header), undefined when it is missing or unreadable. */
const retryAfterOf = (headers: Headers): number | undefined => {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1_000));
};

const outcomeOf = (error: unknown): string => {
  if (error instanceof SendError) return error.failure;
  if (error instanceof RefusedError) return error.status === 429 ? "rate_limited" : "server_error";
  return isAppError(error, "UPSTREAM_UNAVAILABLE") ? "circuit_open" : "aborted";
};

/** Makes the HTTP client that every service uses; see `Outbound` for what it promises. */
export const createOutbound = (deps: OutboundDeps): Outbound => {
  const { egress, metrics, fetch = globalThis.fetch, longestRetryAfterMs = 1_500 } = deps;
  const breakers = createBreakers({
    metrics,
    ...(deps.breakerThreshold === undefined ? {} : { threshold: deps.breakerThreshold }),
    ...(deps.breakerOpenMs === undefined ? {} : { openMs: deps.breakerOpenMs }),
  });

  const attempt = async (request: OutboundRequest): Promise<OutboundReply> => {
    const { provider } = request;
    try {
      const reply = await breakers.run(provider, async () => {
        const answered = await sendOnce({
          provider,
          url: request.url,
          method: request.method ?? (request.body === undefined ? "GET" : "POST"),
          headers: {
            accept: "application/json, text/*;q=0.9, */*;q=0.5",
            "user-agent": userAgent,
            ...(request.body === undefined ? {} : { "content-type": "application/json" }),
            ...request.headers,
          },
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          signal: request.signal,
          timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
          maxBytes: request.maxBytes ?? defaultMaxBytes,
          fetch,
        });
        if (answered.status === 429 || answered.status >= 500) {
          throw new RefusedError(provider, answered.status, retryAfterOf(answered.headers));
        }
        return answered;
      });
      metrics.providerCalls.inc({ provider, outcome: reply.status < 400 ? "ok" : "client_error" });
      return reply;
    } catch (error) {
      metrics.providerCalls.inc({ provider, outcome: outcomeOf(error) });
      throw error;
    }
  };

  /** How long to wait before the second try; undefined when there should be none. */
  const pauseBeforeRetry = (request: OutboundRequest, error: unknown): number | undefined => {
    if ((request.method ?? (request.body === undefined ? "GET" : "POST")) !== "GET") return undefined;
    if (breakers.isOpen(request.provider)) return undefined;
    const jitter = 50 + Math.random() * 200;
    if (error instanceof SendError) return error.failure === "connection" ? jitter : undefined;
    if (!(error instanceof RefusedError)) return undefined;
    const asked = (error.retryAfterSeconds ?? 0) * 1_000;
    return asked > longestRetryAfterMs ? undefined : asked + jitter;
  };

  return async (request) => {
    request.signal.throwIfAborted();
    egress(request.permit, { kind: "service", name: request.provider, local: false }, request.content ?? "slots");
    try {
      return await attempt(request);
    } catch (error) {
      request.signal.throwIfAborted();
      const pauseMs = pauseBeforeRetry(request, error);
      if (pauseMs === undefined) throw error;
      await sleep(pauseMs, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
      return attempt(request);
    }
  };
};
