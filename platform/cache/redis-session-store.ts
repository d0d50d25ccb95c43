import { Redis } from "ioredis";
import type { Logger } from "pino";
import { AppError } from "../errors/app-error.ts";
import { createRedisRefused } from "./redis-refused.ts";
import { type ListKeys, readList, settleScript } from "./redis-session-lists.ts";
import {
  joinRecent,
  type RecentEntry,
  type RecentMessages,
  type SessionLimits,
  type SessionStore,
} from "./session-store.ts";

export interface RedisSessionStoreOptions {
  readonly url: string;
  readonly limits: SessionLimits;
  readonly logger: Pick<Logger, "info" | "warn">;
}

const recentMs = 24 * 3_600_000;

// values (hash), order (list), threads (set), totals (hash); key, value, thread, most entries, most characters
const addScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
local entries = tonumber(redis.call('HGET', KEYS[4], 'entries') or '0')
local characters = tonumber(redis.call('HGET', KEYS[4], 'characters') or '0')
if entries >= tonumber(ARGV[4]) or characters + #ARGV[2] > tonumber(ARGV[5]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('HINCRBY', KEYS[4], 'entries', 1)
redis.call('HINCRBY', KEYS[4], 'characters', #ARGV[2])
return 1`;

const unavailable = (cause: unknown): AppError =>
  new AppError("UPSTREAM_UNAVAILABLE", "Redis takes nothing now; the message was not taken.", { cause });

/**
 * The store in Redis, keys under `athena:front:`; fronts that share it share what waits. What Redis acknowledges is as durable as
 * its own settings: with `appendonly yes` and `appendfsync always` it survives Redis too.
 */
export const openRedisSessionStore = async ({
  url,
  limits,
  logger,
}: RedisSessionStoreOptions): Promise<SessionStore> => {
  const redis = new Redis(url, {
    keyPrefix: "athena:front:",
    connectionName: "athena front",
    connectTimeout: 1_000,
    commandTimeout: 2_000,
    socketTimeout: 5_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  });
  // Its errors are not logged: those of a refused login carry the password among the command's arguments.
  redis.on("error", () => undefined);
  await redis.connect().catch(() => logger.warn("Redis is away; nothing is taken until it is back"));
  const [, durable] = ((await redis.config("GET", "appendonly").catch(() => [])) as string[]) ?? [];
  if (durable === "no") {
    logger.warn("Redis has no append-only file: what waits there is lost when Redis dies; set appendonly yes");
  }

  const keysOf = (threadId: string): ListKeys => [`values:${threadId}`, `order:${threadId}`, "threads", "totals"];
  const recentOf = async (threadId: string, version: number): Promise<readonly RecentEntry[]> => {
    const json = await redis.get(`recent:${threadId}`).catch(() => null);
    const kept = json === null ? undefined : (JSON.parse(json) as RecentMessages);
    return kept?.version === version ? kept.entries : [];
  };

  return {
    kind: "redis",
    async add(threadId, { key, value }) {
      const outcome = await redis
        .eval(addScript, 4, ...keysOf(threadId), key, value, threadId, limits.entries, limits.characters)
        .catch((error: unknown) => {
          throw unavailable(error);
        });
      if (outcome !== -1) return outcome === 1;
      throw new AppError("UPSTREAM_UNAVAILABLE", "Too much waits for the back end; the message was not taken.");
    },
    waiting: (threadId, limit) =>
      readList(redis, keysOf(threadId), limit).catch((error: unknown) => {
        throw unavailable(error);
      }),
    threads: () =>
      redis.smembers("threads").catch((error: unknown) => {
        throw unavailable(error);
      }),
    async settle(threadId, keys) {
      if (keys.length === 0) return true;
      return redis.eval(settleScript, 4, ...keysOf(threadId), threadId, ...keys).then(
        () => true,
        () => false,
      );
    },
    // What was settled is gone; when it leaves Redis' own files is Redis' matter.
    async scrub() {},
    async count() {
      return Number((await redis.hget("totals", "entries").catch(() => null)) ?? 0);
    },
    refused: createRedisRefused({ redis, limits, waitingKeysOf: keysOf }),
    recent: recentOf,
    async remember(threadId, version, messages) {
      const entries = joinRecent(await recentOf(threadId, version), messages, limits.recent);
      const kept: RecentMessages = { version, entries };
      await redis.set(`recent:${threadId}`, JSON.stringify(kept), "PX", recentMs).catch(() => undefined);
    },
    async forget(threadId) {
      await redis.del(`recent:${threadId}`).catch(() => undefined);
    },
    async ping() {
      const from = performance.now();
      // A write: a Redis that only reads takes no message.
      await redis.set("ping", "1", "PX", 1_000).catch((error: unknown) => {
        throw unavailable(error);
      });
      return performance.now() - from;
    },
    async close() {
      redis.disconnect();
    },
  };
};
