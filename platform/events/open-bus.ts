import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { Database } from "../db/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createEmbeddedBus } from "./embedded-bus.ts";
import type { EventBus } from "./event-bus.ts";

export interface OpenBusDeps {
  readonly settings: Pick<
    Settings,
    | "NATS_URL"
    | "ATHENA_NATS_STREAM"
    | "ATHENA_NATS_REPLICAS"
    | "ATHENA_EVENTS_IDLE_SECONDS"
    | "ATHENA_EVENTS_RETENTION_DAYS"
  >;
  readonly database: Database;
  readonly metrics: Pick<Metrics, "eventsConsumed">;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
}

const dayMs = 86_400_000;

/**
 * Opens the event bus: NATS JetStream at `NATS_URL`, else the main database's own tables. The choice is made here and nowhere
 * else. A NATS that is away does not hinder the start: events wait in the outbox.
 *
 * @throws {AppError} CONFIG_INVALID when NATS_URL is none, or NATS refuses the user, password or token.
 */
export const openBus = async ({ settings, database, metrics, logger }: OpenBusDeps): Promise<EventBus> => {
  const idleMs = settings.ATHENA_EVENTS_IDLE_SECONDS * 1_000;
  if (settings.NATS_URL === undefined) return createEmbeddedBus({ database, metrics, logger, idleMs });
  const { openNatsBus } = await import("./nats-bus.ts");
  return openNatsBus({
    url: settings.NATS_URL,
    stream: settings.ATHENA_NATS_STREAM,
    replicas: settings.ATHENA_NATS_REPLICAS,
    retentionMs: settings.ATHENA_EVENTS_RETENTION_DAYS * dayMs,
    database,
    metrics,
    logger,
    idleMs,
  });
};
