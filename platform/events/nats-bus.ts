import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors/app-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { BusEvent, EventBus, RunningConsumer } from "./event-bus.ts";
import { type NatsConnectionOptions, natsTimeoutMs, natsUnavailable, openNatsLink } from "./nats-connection.ts";
import { encodeEvent } from "./nats-envelope.ts";
import { feedFromNats } from "./nats-feed.ts";
import { serveConsumer } from "./serve-consumer.ts";
import { isSubject } from "./subject-templates.ts";

export interface NatsBusOptions extends Omit<NatsConnectionOptions, "logger"> {
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Keeps what failed, and who serves a consumer. */
  readonly database: Database;
  readonly metrics: Pick<Metrics, "eventsConsumed">;
  /** How often events that wait are looked for; default 1 s. */
  readonly idleMs?: number;
  /** How long a consumer's process that died keeps others from going on; default 10 s. */
  readonly leaseMs?: number;
}

const byAggregate = (events: readonly BusEvent[]): readonly (readonly BusEvent[])[] => [
  ...Map.groupBy(events, ({ aggregate }) => `${aggregate.type}\n${aggregate.id}`).values(),
];

/**
 * The bus on NATS JetStream: one stream on disk, the outbox row's id as the message's, one durable pull consumer for each
 * consumer's name.
 * @throws {AppError} CONFIG_INVALID when NATS refuses the user, password or token.
 */
export const openNatsBus = async (options: NatsBusOptions): Promise<EventBus> => {
  const { stream, database, metrics, logger, idleMs = 1_000, leaseMs = 10_000 } = options;
  const link = await openNatsLink(options);
  const running = new Set<RunningConsumer>();

  const publishInOrder = async (events: readonly BusEvent[]): Promise<void> => {
    const { client, connection } = link.live();
    const mostBytes = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    // One after the other: of two in flight the first may fail and the second not.
    for (const event of events) {
      const data = encodeEvent(event);
      if (!isSubject(event.subject)) throw new AppError("INVALID_INPUT", "The event's subject is none.");
      if (Buffer.byteLength(data) > mostBytes - 1_024) {
        throw new AppError("TOO_LARGE", "The event is larger than NATS takes.");
      }
      await client.publish(event.subject, data, { msgID: event.id, timeout: natsTimeoutMs }).catch((error: unknown) => {
        throw natsUnavailable(error);
      });
    }
  };

  return {
    kind: "nats",
    async publish(events) {
      const outcomes = await Promise.allSettled(byAggregate(events).map(publishInOrder));
      const failed = outcomes.find((outcome) => outcome.status === "rejected");
      if (failed) throw failed.reason;
    },
    async consume(consumerOptions) {
      const { name, subjects } = consumerOptions;
      const consumer = serveConsumer({
        database,
        metrics,
        logger,
        options: consumerOptions,
        leaseMs,
        idleMs,
        feed: (context) => feedFromNats(link.live(), { stream, name, subjects, ackWaitMs: leaseMs }, context),
      });
      running.add(consumer);
      return {
        stop() {
          running.delete(consumer);
          return consumer.stop();
        },
      };
    },
    async ping() {
      const from = performance.now();
      const late = delay(natsTimeoutMs, undefined, { ref: false }).then(() => {
        throw natsUnavailable();
      });
      late.catch(() => undefined);
      const { manager } = link.live();
      await Promise.race([manager.streams.info(stream), late]).catch((error: unknown) => {
        throw natsUnavailable(error);
      });
      return performance.now() - from;
    },
    async close() {
      await Promise.all([...running].map((consumer) => consumer.stop()));
      await link.close();
    },
  };
};
