import { Redis } from "ioredis";
import type { Logger } from "pino";

export interface RedisNotes {
  send(topic: string, text: string): void;
  listen(topic: string): () => void;
  close(): Promise<void>;
}

export interface RedisNotesOptions {
  readonly url: string;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly receive: (topic: string, text: string) => void;
}

const prefix = "athena:live:";

/** Publishing and listening through Redis. While it is away, what is sent is lost; afterwards it listens again by itself. */
export const connectRedisNotes = ({ url, logger, receive }: RedisNotesOptions): RedisNotes => {
  const options = {
    connectionName: "athena live",
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1_000),
  };
  const sender = new Redis(url, { ...options, enableOfflineQueue: false, autoResendUnfulfilledCommands: false });
  // Subscriptions are sent once it is connected, and again after every loss of the connection.
  const listener = new Redis(url, { ...options, maxRetriesPerRequest: null });
  let isAway = false;
  listener.on("close", () => {
    if (!isAway) logger.warn("Redis is away; messages reach the clients of other processes later");
    isAway = true;
  });
  listener.on("ready", () => {
    if (isAway) logger.info("Redis carries messages to other processes again");
    isAway = false;
  });
  // Their errors are not logged: those of a refused login carry the password among the command's arguments.
  for (const redis of [sender, listener]) redis.on("error", () => undefined);
  listener.on("message", (channel: string, text: string) => receive(channel.slice(prefix.length), text));

  return {
    send: (topic, text) => void sender.publish(prefix + topic, text).catch(() => undefined),
    listen(topic) {
      void listener.subscribe(prefix + topic).catch(() => undefined);
      return () => void listener.unsubscribe(prefix + topic).catch(() => undefined);
    },
    async close() {
      listener.removeAllListeners("close");
      sender.disconnect();
      listener.disconnect();
    },
  };
};
