import { isAppError } from "../errors/app-error.ts";
import type { BusEvent, EventBus } from "./event-bus.ts";
import type { ClaimedEvent, OutboxStore } from "./outbox-store.ts";

export interface PublishClaimedDeps {
  readonly store: OutboxStore;
  readonly bus: Pick<EventBus, "publish">;
  /** Times the bus may refuse an event before it becomes a dead letter. */
  readonly maxAttempts: number;
  /** Pause after a refusal; it grows with each. */
  readonly pauseMs: number;
}

export interface Published {
  readonly published: number;
  readonly refused: number;
  readonly dead: number;
}

const isAway = (error: unknown): boolean =>
  isAppError(error, "EVENTS_UNAVAILABLE") || isAppError(error, "DATABASE_UNAVAILABLE");
const keyOf = ({ aggregate }: BusEvent): string => `${aggregate.type}\n${aggregate.id}`;

/**
 * Publishes claimed events in one batch; when the bus refuses the batch, one by one, so that a bad event stops nothing but its
 * own aggregate, and that only until it is a dead letter.
 * @throws {AppError} EVENTS_UNAVAILABLE or DATABASE_UNAVAILABLE: the bus is away; what was not published is given back.
 */
export const publishClaimed = async (
  claimed: readonly ClaimedEvent[],
  { store, bus, maxAttempts, pauseMs }: PublishClaimedDeps,
): Promise<Published> => {
  const events = claimed.map(({ event }) => event);
  try {
    await bus.publish(events);
    await store.markPublished(events);
    return { published: events.length, refused: 0, dead: 0 };
  } catch (error) {
    if (isAway(error)) {
      await store.giveBack(events).catch(() => undefined); // else the lease ends
      throw error;
    }
  }

  const done: BusEvent[] = [];
  const givenBack: BusEvent[] = [];
  const behind = new Set<string>();
  let [refused, dead] = [0, 0];
  let away: unknown;
  for (const { event, attempts } of claimed) {
    if (away !== undefined || behind.has(keyOf(event))) {
      givenBack.push(event);
      continue;
    }
    try {
      await bus.publish([event]);
      done.push(event);
    } catch (error) {
      if (isAway(error)) {
        away = error;
        givenBack.push(event);
      } else if (attempts + 1 >= maxAttempts) {
        dead += 1;
        await store.bury(event, attempts + 1, error);
      } else {
        refused += 1;
        behind.add(keyOf(event));
        await store.postpone(event, pauseMs * 2 ** attempts);
      }
    }
  }
  await store.markPublished(done);
  await store.giveBack(givenBack);
  if (away !== undefined) throw away;
  return { published: done.length, refused, dead };
};
