import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { takeLease } from "./consumer-lease.ts";
import { createConsumerStore } from "./consumer-store.ts";
import type { ConsumerOptions, RunningConsumer } from "./event-bus.ts";
import { type Lanes, openLanes } from "./lanes.ts";

/** What a bus gives a consumer while it is served by this process. */
export interface FeedContext {
  readonly lanes: Lanes;
  /** Everything up to here was handled before. */
  readonly position: number;
  readonly advance: (position: number) => void;
  /** No more events are wanted. */
  readonly signal: AbortSignal;
}

export interface ServeConsumerDeps {
  readonly database: Database;
  readonly metrics: Pick<Metrics, "eventsConsumed">;
  readonly logger: Pick<Logger, "warn" | "error">;
  readonly options: ConsumerOptions;
  readonly leaseMs: number;
  /** How often events that wait are looked for, beside the times at which they are due. */
  readonly idleMs: number;
  /** Feeds events to the lanes in order until the signal aborts, and settles with its source what they settle. */
  readonly feed: (context: FeedContext) => Promise<void>;
}

/** Serves a consumer whenever this process has its lease, until it is stopped. */
export const serveConsumer = (deps: ServeConsumerDeps): RunningConsumer => {
  const { database, metrics, logger, options, leaseMs, idleMs, feed } = deps;
  const stopping = new AbortController();
  const store = createConsumerStore(database, options.name);

  const serve = async (): Promise<void> => {
    const lease = await takeLease({ database, consumer: options.name, leaseMs, signal: stopping.signal });
    if (!lease) return;
    const signal = AbortSignal.any([lease.lost, stopping.signal]);
    try {
      const lanes = await openLanes({ options, store, metrics, logger, lost: lease.lost, cutOff: lease.cutOff });
      const look = () => void lanes.retry().catch(() => undefined);
      const timer = setInterval(look, idleMs);
      timer.unref();
      look();
      try {
        const { position, advance } = lease;
        // The lanes stop beside the feed: it waits for what they still settle.
        signal.addEventListener("abort", () => void lanes.stop());
        await feed({ lanes, position, advance, signal });
      } finally {
        clearInterval(timer);
        await lanes.stop();
      }
    } finally {
      await lease.release();
    }
  };

  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await serve();
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn({ err: error, consumer: options.name }, "the consumer stopped and will go on in a moment");
        await delay(idleMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  })();

  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
};
