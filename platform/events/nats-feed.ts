import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { LiveNats } from "./nats-connection.ts";
import { decodeEvent } from "./nats-envelope.ts";
import type { FeedContext } from "./serve-consumer.ts";

export interface NatsFeedOptions {
  readonly stream: string;
  readonly name: string;
  readonly subjects: readonly string[];
  /** A message whose holder says nothing for so long is delivered again. */
  readonly ackWaitMs: number;
}

/** Messages that may be delivered and not yet acknowledged. */
const windowMessages = 500;
const batchMessages = 100;

/** A consumer's name as NATS takes it. */
const durableName = (name: string): string => name.replace(/[^\w-]/g, "_");

const provideConsumer = async (manager: JetStreamManager, options: NatsFeedOptions): Promise<void> => {
  const config: Partial<ConsumerConfig> & { durable_name: string } = {
    durable_name: durableName(options.name),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    filter_subjects: [...options.subjects],
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: windowMessages,
    // Attempts are counted in the database: a delivery that a crash cut off is none.
    max_deliver: -1,
  };
  await manager.consumers
    .add(options.stream, config)
    .catch(() => manager.consumers.update(options.stream, config.durable_name, config));
};

/**
 * Feeds a consumer from the stream. It begins with what an earlier holder left unacknowledged, all of it, because the server
 * delivers newer messages in between. Messages that are held longer than their time are kept by in-progress acknowledgements.
 */
export const feedFromNats = async (nats: LiveNats, options: NatsFeedOptions, context: FeedContext): Promise<void> => {
  const { lanes, signal } = context;
  const over = AbortSignal.any([signal, nats.broken]);
  await provideConsumer(nats.manager, options);
  const consumer = await nats.client.consumers.get(options.stream, durableName(options.name));

  const held = new Map<number, JsMsg>();
  const settling = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const heartbeat = setInterval(() => {
    if (!nats.broken.aborted) for (const message of held.values()) message.working();
  }, options.ackWaitMs / 3);

  const take = (message: JsMsg): void => {
    const event = decodeEvent({
      subject: message.subject,
      data: message.string(),
      fallbackId: message.headers?.get("Nats-Msg-Id") || `${options.stream}:${message.seq}`,
      receivedAt: message.time,
    });
    const settled = lanes.take(event).then(
      () => {
        if (!nats.broken.aborted) held.get(message.seq)?.ack();
        held.delete(message.seq);
      },
      (error: unknown) => {
        if (!over.aborted) failure.reject(error);
      },
    );
    settling.add(settled);
    void settled.finally(() => settling.delete(settled));
  };

  const gather = async (): Promise<void> => {
    while (!over.aborted) {
      const { num_ack_pending } = await consumer.info();
      if (num_ack_pending <= held.size) break;
      const messages = await consumer.fetch({ max_messages: num_ack_pending - held.size, expires: 1_000 });
      for await (const message of messages) held.set(message.seq, message);
    }
    for (const [, message] of [...held].sort(([one], [other]) => one - other)) take(message);
  };

  const consume = async (): Promise<void> => {
    const messages = await consumer.consume({ max_messages: batchMessages, abort_on_missing_resource: true });
    const stop = () => messages.stop();
    over.addEventListener("abort", stop);
    if (over.aborted) stop();
    failure.promise.catch(stop);
    for await (const message of messages) {
      const again = held.has(message.seq);
      held.set(message.seq, message);
      if (!again) take(message);
    }
  };

  try {
    await gather();
    await Promise.race([consume(), failure.promise]);
    if (!signal.aborted) throw new Error("the stream of messages ended");
  } finally {
    if (signal.aborted) await Promise.all(settling);
    clearInterval(heartbeat);
    if (!nats.broken.aborted) {
      for (const message of held.values()) message.nak();
      await nats.connection.flush().catch(() => undefined);
    }
  }
};
