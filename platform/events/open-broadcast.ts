import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import { type Broadcast, createBroadcast, decodeNote, encodeNote } from "./broadcast.ts";

export interface OpenBroadcastDeps {
  readonly settings: Pick<Settings, "NATS_URL" | "REDIS_URL">;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/**
 * Opens what tells other processes of news: NATS at `NATS_URL`, else Redis at `REDIS_URL`, else this process alone. The choice is
 * made here and nowhere else. A carrier that is away hinders nothing.
 * @throws {AppError} CONFIG_INVALID when NATS_URL is none.
 */
export const openBroadcast = async ({ settings, logger }: OpenBroadcastDeps): Promise<Broadcast> => {
  const origin = randomUUID();
  const { NATS_URL: natsUrl, REDIS_URL: redisUrl } = settings;
  if (natsUrl !== undefined) {
    const { connectNatsNotes } = await import("./nats-notes.ts");
    return createBroadcast("nats", (receive) => connectNatsNotes({ url: natsUrl, origin, logger, receive }));
  }
  if (redisUrl !== undefined) {
    const { connectRedisNotes } = await import("../cache/redis-notes.ts");
    return createBroadcast("redis", (receive) => {
      const redis = connectRedisNotes({
        url: redisUrl,
        logger,
        receive(topic, text) {
          const note = decodeNote(origin, text);
          if (note) receive(topic, note);
        },
      });
      return { ...redis, send: (topic, note) => redis.send(topic, encodeNote(origin, note)) };
    });
  }
  return createBroadcast("embedded");
};
