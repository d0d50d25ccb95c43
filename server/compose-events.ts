import type { Logger } from "pino";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import { announceWrites } from "../platform/events/announce-writes.ts";
import type { EventBus } from "../platform/events/event-bus.ts";
import { openBus } from "../platform/events/open-bus.ts";
import { type Relay, startRelay } from "../platform/events/relay.ts";
import { startSweeping } from "../platform/events/sweep-events.ts";
import { startWatchingDeadLetters } from "../platform/events/watch-dead-letters.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { StopList } from "./stop-list.ts";

export interface ComposeEventsDeps {
  readonly settings: Settings;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

export interface Events {
  readonly bus: EventBus;
  /** Says that events may have been written. */
  poke(): void;
  /** Begins to publish, and to remove what is old; a process that does not serve leaves both to one that does. */
  start(): void;
}

const dayMs = 86_400_000;

/** The event bus and what carries events to it. @throws {AppError} CONFIG_INVALID, see `openBus` */
export const composeEvents = async (deps: ComposeEventsDeps): Promise<Events> => {
  const { settings, database, metrics, logger, stopList } = deps;
  const bus = await openBus({ settings, database, metrics, logger });
  stopList.add("event bus", () => bus.close());
  let relay: Relay | undefined;
  return {
    bus,
    poke: () => relay?.poke(),
    start() {
      const started = startRelay({
        database,
        bus,
        metrics,
        logger,
        idleMs: settings.ATHENA_EVENTS_IDLE_SECONDS * 1_000,
      });
      relay = started;
      stopList.add("relay", () => started.stop());
      const sweeping = startSweeping(database, {
        retentionMs: settings.ATHENA_EVENTS_RETENTION_DAYS * dayMs,
        logger,
      });
      stopList.add("retention of events", () => sweeping.stop());
      const watching = startWatchingDeadLetters(announceWrites(database, started.poke), {
        every: settings.ATHENA_DEAD_LETTER_ALERT,
        logger,
      });
      stopList.add("alerts of dead letters", () => watching.stop());
    },
  };
};
