import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { AppError, isAppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { CutOff } from "./consumer-lease.ts";
import type { ConsumerStore, FailedAttempt, WaitingEvent } from "./consumer-store.ts";
import { createSlots } from "./create-slots.ts";
import type { BusEvent, ConsumerOptions } from "./event-bus.ts";
import { parsePayload } from "./subjects.ts";
import { summariseError } from "./summarise-error.ts";
import { watchAttempts } from "./watch-attempts.ts";

export interface LanesDeps {
  readonly options: ConsumerOptions;
  readonly store: ConsumerStore;
  readonly metrics: Pick<Metrics, "eventsConsumed">;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Set when a death cut attempts off. */
  readonly cutOff?: CutOff | undefined;
  /** Aborts when nothing may be handled or stored any more. */
  readonly lost: AbortSignal;
}

/** Handles a consumer's events: those of one aggregate one after the other, those of several at once. */
export interface Lanes {
  /**
   * Resolves when the event is settled: handled, stored for another attempt, or a dead letter. Rejects when it is not, and must
   * come again. Events of one aggregate must be given in order.
   */
  take(event: BusEvent): Promise<void>;
  /** Tries what is due among the events that wait. */
  retry(): Promise<void>;
  /** Lets the attempts under way end; what has not begun rejects. */
  stop(): Promise<void>;
}

const defaultBackoffMs = [1_000, 5_000, 30_000];
const laneOf = ({ aggregate }: BusEvent): string => `${aggregate.type}\n${aggregate.id}`;

/** Opens the lanes of one consumer, behind what waits in its store. */
export const openLanes = async (deps: LanesDeps): Promise<Lanes> => {
  const { options, store, metrics, logger, lost } = deps;
  const { name, maxDeliver = 5, backoffMs = defaultBackoffMs, ackWaitMs = 30_000, concurrency = 8 } = options;
  const slots = createSlots(concurrency);
  const watch = watchAttempts(deps.cutOff);
  /** What may have killed a process is handled with nothing beside it: then it is clear what did. */
  const alone = createSlots(1);
  const tails = new Map<string, Promise<unknown>>();
  /** Lanes with events in the store: later events go behind those. */
  const blocked = new Set(await store.lanes("all"));
  const retrying = new Set<string>();
  let stopping = false;

  const inLane = <Result>(lane: string, work: () => Promise<Result>): Promise<Result> => {
    const done = (tails.get(lane) ?? Promise.resolve()).then(work);
    const tail = done
      .catch(() => undefined)
      .then(() => {
        if (tails.get(lane) === tail) tails.delete(lane);
      });
    tails.set(lane, tail);
    return done;
  };

  const assertServing = (): void => {
    if (stopping || lost.aborted) throw new AppError("EVENTS_UNAVAILABLE", "The consumer is being stopped.");
  };

  /** An outcome that cannot be stored now is stored later: it must not be forgotten. */
  const untilStored = async (store: () => Promise<void>): Promise<void> => {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      lost.throwIfAborted();
      try {
        return await store();
      } catch (error) {
        if (!isAppError(error, "DATABASE_UNAVAILABLE")) throw error;
        await delay(pauseMs, undefined, { signal: lost });
      }
    }
  };

  const handle = async (event: BusEvent, attempt: number): Promise<void> => {
    const timeout = AbortSignal.timeout(ackWaitMs);
    const signal = AbortSignal.any([timeout, lost]);
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () =>
        reject(new AppError("DEADLINE_EXCEEDED", `The event was not handled within ${ackWaitMs} ms.`)),
      );
    });
    await Promise.race([options.handle({ event, attempt, signal }), late]);
  };

  const bury = async (event: BusEvent, error: unknown, history: readonly FailedAttempt[]): Promise<void> => {
    const summary = summariseError(error);
    await untilStored(() => store.bury({ event, error: summary, history }));
    metrics.eventsConsumed.inc({ consumer: name, outcome: "dead" });
    logger.error({ consumer: name, event: event.id, reason: summary }, "an event became a dead letter");
    options.onDeadLetter?.(event, error);
  };

  /** One attempt. `waits`: the event stays or goes into the store, and the lane behind it. */
  const attempt = async (event: BusEvent, before?: WaitingEvent): Promise<"settled" | "waits"> => {
    const number = (before?.attempts ?? 0) + 1;
    const failedWith = (error: unknown): FailedAttempt => ({
      attempt: number,
      at: new Date().toISOString(),
      error: summariseError(error),
    });
    const history = before?.history ?? [];
    let readable: BusEvent;
    try {
      readable = { ...event, payload: parsePayload(event.subject, event.payload) };
    } catch (error) {
      await bury(event, error, [...history, failedWith(error)]);
      return "settled";
    }
    const deaths = watch.deaths(event.id);
    if (deaths > 0 && number + deaths >= maxDeliver) {
      const died = new AppError("INTERNAL", `The process died ${deaths} times or more while it handled this event.`);
      await bury(event, died, [...history, failedWith(died)]);
      await untilStored(() => watch.end(event.id));
      return "settled";
    }
    try {
      await (watch.suspects ? alone : slots)(async () => {
        assertServing();
        await untilStored(() => watch.begin(event.id));
        await handle(readable, number);
      });
    } catch (error) {
      if (lost.aborted || (stopping && isAppError(error, "EVENTS_UNAVAILABLE"))) throw error;
      const failed = failedWith(error);
      await untilStored(() => watch.end(event.id));
      if (number >= maxDeliver) {
        await bury(event, error, [...history, failed]);
        return "settled";
      }
      const pauseMs = backoffMs[Math.min(number, backoffMs.length) - 1] ?? 0;
      await untilStored(() =>
        before ? store.failedAgain(event, failed, pauseMs) : store.wait(laneOf(event), event, failed, pauseMs),
      );
      metrics.eventsConsumed.inc({ consumer: name, outcome: "failed" });
      logger.warn({ consumer: name, event: event.id, reason: failed.error }, "an event will be tried again");
      setTimeout(() => void lanes.retry().catch(() => undefined), pauseMs + 10).unref();
      return "waits";
    }
    await untilStored(() => watch.end(event.id));
    if (before) await untilStored(() => store.remove(event));
    metrics.eventsConsumed.inc({ consumer: name, outcome: "handled" });
    return "settled";
  };

  /** Tries the events of a lane that wait, until one fails again or none is left. */
  const work = async (lane: string): Promise<void> => {
    for (;;) {
      assertServing();
      const first = await store.first(lane);
      if (first === undefined) {
        blocked.delete(lane);
        return;
      }
      blocked.add(lane);
      if (!first.due || (await attempt(first.event, first)) === "waits") return;
    }
  };

  const lanes: Lanes = {
    take(event) {
      const lane = laneOf(event);
      return inLane(lane, async () => {
        assertServing();
        if (blocked.has(lane)) await untilStored(() => store.wait(lane, event));
        else if ((await attempt(event)) === "waits") blocked.add(lane);
      });
    },
    async retry() {
      if (stopping || lost.aborted) return;
      for (const lane of await store.lanes("due")) {
        if (retrying.has(lane)) continue;
        retrying.add(lane);
        // A failure here is the database's or the stop's: the next round comes back to it.
        void inLane(lane, () => work(lane))
          .catch(() => undefined)
          .finally(() => retrying.delete(lane));
      }
    },
    async stop() {
      stopping = true;
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
  return lanes;
};
