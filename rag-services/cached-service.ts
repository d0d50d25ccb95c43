import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Cache } from "../platform/cache/cache.ts";
import { isReceiptingPermit } from "../platform/egress/create-permit.ts";
import type { RagService, ServiceAnswer, ServiceContext } from "./rag-service.ts";
import { isoDay } from "./render-text.ts";
import { createSharedCalls } from "./shared-calls.ts";

export interface CachedServiceOptions {
  readonly cache: Cache;
  /** How long an answer counts as fresh; 0 turns the cache off, equal queries still share one call. */
  readonly cacheSeconds: number;
  /** A stale answer is served up to this many times `cacheSeconds` while one refresh runs; default 6. */
  readonly staleFactor?: number;
  /** Time for a refresh in the background; default 10,000. */
  readonly refreshTimeoutMs?: number;
  readonly logger?: Logger;
}

interface Stored {
  readonly answer: ServiceAnswer;
  readonly storedAt: number;
}

/** An answer that needed a fallback is asked again sooner than `cacheSeconds`. */
const degradedFreshMs = 60_000;

const normalised = (value: unknown): unknown => {
  if (typeof value === "string") return value.normalize("NFC").trim().replace(/\s+/gu, " ").toLowerCase();
  if (Array.isArray(value)) return value.map(normalised);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, normalised(item)]);
};

/** Key of an answer: a hash, so that slots are not readable in a shared cache. Never of a person, thread or sentence. */
const keyOf = (id: string, slots: unknown, { locale, timezone, now }: ServiceContext): string => {
  // The user's day is part of what was asked: yesterday's "tonight" is no stale answer to today's.
  const content = JSON.stringify([normalised(slots), locale, timezone, isoDay(now, timezone)]);
  return `rag:${id}:${createHash("sha256").update(content).digest("base64url")}`;
};

/**
 * The same service with its answers cached by normalised slots, locale and zone: fresh ones at once, stale ones at once while
 * one refresh runs behind, and one upstream call shared by equal queries at the same time.
 *
 * What may not leave asks nobody: class `blocked` is answered from the cache or by the service itself without sharing, and a
 * confidential query reads the cache but never writes it, nor shares its call.
 */
export const createCachedService = <Slots>(
  service: RagService<Slots>,
  { cache, cacheSeconds, staleFactor = 6, refreshTimeoutMs = 10_000, logger }: CachedServiceOptions,
): RagService<Slots> => {
  const freshMs = cacheSeconds * 1_000;
  const shared = createSharedCalls<ServiceAnswer>();

  const ageOf = (stored: Stored): "fresh" | "stale" => {
    const age = Date.now() - stored.storedAt;
    const limit = stored.answer.degraded.length > 0 ? Math.min(freshMs, degradedFreshMs) : freshMs;
    return age >= 0 && age < limit ? "fresh" : "stale"; // a negative age: the clock was set back
  };

  /** Joins or starts the one call for this key; its outcome is stored before anyone gets it. */
  const ask = (key: string, slots: Slots, context: ServiceContext, signal: AbortSignal): Promise<ServiceAnswer> =>
    shared.join(`${context.permit.class} ${key}`, signal, async (sharedSignal) => {
      const answer = await service.query(slots, { ...context, signal: sharedSignal });
      if (freshMs > 0) await cache.set(key, { answer, storedAt: Date.now() } satisfies Stored, freshMs * staleFactor);
      return answer;
    });

  const refresh = (key: string, slots: Slots, context: ServiceContext): void => {
    ask(key, slots, context, AbortSignal.timeout(refreshTimeoutMs)).catch((error: unknown) => {
      logger?.debug(
        { service: service.id, error: error instanceof Error ? error.message : "unknown" },
        "refresh failed",
      );
    });
  };

  return {
    id: service.id,
    intents: service.intents,
    slots: service.slots,
    providers: service.providers,
    render: (evidence, locale, timezone) => service.render(evidence, locale, timezone),
    async query(slots, context) {
      const { permit, signal } = context;
      signal.throwIfAborted();
      const key = keyOf(service.id, slots, context);
      const stored = freshMs > 0 ? await cache.get<Stored>(key) : undefined;
      signal.throwIfAborted();
      if (stored !== undefined && (permit.class === "blocked" || ageOf(stored) === "fresh")) return stored.answer;
      if (permit.class === "blocked" || permit.confidential) return service.query(slots, context);
      if (stored === undefined) return ask(key, slots, context, signal);
      // The refresh may end after this query's receipt was written, so the line is written before it begins.
      if (isReceiptingPermit(permit)) {
        const rule = `${permit.class}: refreshed behind an answer that was kept`;
        permit.record({ destination: service.id, kind: "service", content: "slots", decision: "sent", rule });
      }
      refresh(key, slots, context);
      return stored.answer;
    },
  };
};
