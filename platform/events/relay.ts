import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { EventBus } from "./event-bus.ts";
import { createOutboxStore } from "./outbox-store.ts";
import { publishClaimed } from "./publish-claimed.ts";

export interface RelayDeps {
  readonly database: Database;
  readonly bus: EventBus;
  readonly metrics: Pick<Metrics, "eventsPublished" | "eventsPending" | "eventsPendingSeconds" | "deadLetters">;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** How often the outbox is looked at when nobody pokes. */
  readonly idleMs: number;
  /** How long what a relay that died had claimed keeps waiting; default 10 s. */
  readonly leaseMs?: number;
  /** Events of one batch; small, because the embedded database does nothing else meanwhile. Default 50. */
  readonly batchEvents?: number;
  /** Refusals of one event before it becomes a dead letter; default 5. */
  readonly maxAttempts?: number;
  /** Pause after the first refusal of an event; each later one doubles it. Default 500 ms. */
  readonly refusedPauseMs?: number;
}

export interface Relay {
  /** Says that something was written. Cheap: it wakes the relay a moment later. */
  poke(): void;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
}

/** A turn's statements come close together: they are published in one go, and rather after than between them. */
const pokeDelayMs = 20;
/** Between two batches others get at the database. */
const breathMs = 2;
const longestAwayMs = 5_000;
const backlogEveryMs = 10_000;

/** Starts carrying events from the outbox to the bus, each aggregate's in order. Several relays may run, in several processes. */
export const startRelay = (deps: RelayDeps): Relay => {
  const { database, bus, metrics, logger, idleMs, leaseMs = 10_000, batchEvents = 50 } = deps;
  const { maxAttempts = 5, refusedPauseMs = 500 } = deps;
  const store = createOutboxStore(database);
  const stopping = new AbortController();
  const pause = (ms: number, signal: AbortSignal = stopping.signal) =>
    delay(ms, undefined, { signal, ref: false }).catch(() => undefined);

  let poked = false;
  let wake: (() => void) | undefined;
  const idle = async (): Promise<void> => {
    if (!poked) {
      const woken = new AbortController();
      wake = () => woken.abort();
      await pause(idleMs, AbortSignal.any([stopping.signal, woken.signal]));
      wake = undefined;
    }
    if (poked) await pause(pokeDelayMs);
    poked = false;
  };

  const carry = async (): Promise<number> => {
    const claimed = await store.claim(batchEvents, leaseMs);
    if (claimed.length === 0) return 0;
    const outcome = await publishClaimed(claimed, { store, bus, maxAttempts, pauseMs: refusedPauseMs });
    metrics.eventsPublished.inc({ outcome: "published" }, outcome.published);
    metrics.eventsPublished.inc({ outcome: "refused" }, outcome.refused);
    metrics.eventsPublished.inc({ outcome: "dead" }, outcome.dead);
    if (outcome.dead > 0) logger.error({ count: outcome.dead }, "events that the bus refuses became dead letters");
    return claimed.length;
  };

  let measuredAt = Number.NEGATIVE_INFINITY;
  const measure = async (): Promise<void> => {
    if (performance.now() - measuredAt < backlogEveryMs) return;
    measuredAt = performance.now();
    const { pending, oldestSeconds, deadLetters } = await store.backlog();
    metrics.eventsPending.set(pending);
    metrics.eventsPendingSeconds.set(oldestSeconds);
    metrics.deadLetters.set(deadLetters);
  };

  let failures = 0;
  const round = async (): Promise<void> => {
    try {
      // While the bus is away its pulse is enough to know; the outbox is left alone.
      if (failures > 0) await bus.ping();
      const carried = await carry();
      if (failures > 0) logger.info({ bus: bus.kind }, "events are published again");
      failures = 0;
      if (carried > 0) return void (await pause(breathMs));
      await measure();
      await idle();
    } catch (error) {
      if (failures === 0)
        logger.warn({ err: error, bus: bus.kind }, "events cannot be published; they wait in the outbox");
      failures += 1;
      await measure().catch(() => undefined);
      await pause(Math.min(longestAwayMs, 100 * 2 ** Math.min(failures, 10)));
    }
  };

  const running = (async () => {
    while (!stopping.signal.aborted) await round();
  })();

  return {
    poke() {
      poked = true;
      wake?.();
    },
    stop() {
      stopping.abort();
      return running;
    },
  };
};
