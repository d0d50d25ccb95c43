import { Redis } from "ioredis";
import type { Logger } from "pino";
import { AppError } from "../errors/app-error.ts";
import type { Cache } from "./cache.ts";

export interface RedisCacheOptions {
  readonly url: string;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Longest wait for one answer: a slower cache is worse than none. */
const commandTimeoutMs = 300;
/** After so long without a byte the connection is made anew; until that is ready, commands fail at once. */
const silenceTimeoutMs = 2_000;
const longestRetryDelayMs = 2_000;

/** Adds, and sets the time to live at the first use. INCRBYFLOAT, because amounts may have fractions. */
const incrementScript = `
local value = redis.call('INCRBYFLOAT', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value`;

/**
 * Takes the lock unless it is held. Its value is its fencing number: one more than the last, and at least the time in ms, so that
 * the numbers go on growing after Redis has lost its data.
 */
const lockScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
local fencing = string.format('%.0f', math.max(last + 1, now))
redis.call('SET', KEYS[2], fencing, 'PX', 86400000 + ARGV[1])
redis.call('SET', KEYS[1], fencing, 'NX', 'PX', ARGV[1])
return fencing`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

const wholeMs = (timeToLiveMs: number): number => Math.max(1, Math.ceil(timeToLiveMs));

/**
 * The cache in Redis, keys under `athena:`. While Redis is away, every read finds nothing, counters start at 0 and no lock is given.
 * @throws {AppError} CONFIG_INVALID when Redis refuses the user or password.
 */
export const openRedisCache = async ({ url, logger }: RedisCacheOptions): Promise<Cache> => {
  const redis = new Redis(url, {
    keyPrefix: "athena:",
    lazyConnect: true,
    connectionName: "athena",
    connectTimeout: 1_000,
    commandTimeout: commandTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, longestRetryDelayMs),
  });
  const stopWatching = watch(redis, logger);
  await connect(redis);

  const orElse = <Result>(answer: Promise<Result>, otherwise: Result): Promise<Result> => answer.catch(() => otherwise);

  return {
    kind: "external",
    async get<Value>(key: string) {
      const json = await orElse(redis.get(key), null);
      return json === null ? undefined : parsed<Value>(json);
    },
    async set(key, value, timeToLiveMs) {
      if (timeToLiveMs > 0) await orElse(redis.set(key, JSON.stringify(value), "PX", wholeMs(timeToLiveMs)), null);
      else await orElse(redis.del(key), 0);
    },
    async delete(key) {
      await orElse(redis.del(key), 0);
    },
    async increment(key, by, timeToLiveMs) {
      return Number(await orElse(redis.eval(incrementScript, 1, key, by, wholeMs(timeToLiveMs)), by));
    },
    async lock(resource, timeToLiveMs) {
      const key = `lock:${resource}`;
      const fencing = await orElse(redis.eval(lockScript, 2, key, `fencing:${resource}`, wholeMs(timeToLiveMs)), null);
      if (typeof fencing !== "string") return undefined;
      return {
        fencing: Number(fencing),
        release: async () => (await orElse(redis.eval(releaseScript, 1, key, fencing), 0)) === 1,
      };
    },
    async ping() {
      const from = performance.now();
      await redis.ping().catch((cause: unknown) => {
        throw new AppError("UPSTREAM_UNAVAILABLE", "The cache cannot be reached.", { cause });
      });
      return performance.now() - from;
    },
    async close() {
      stopWatching();
      redis.disconnect();
    },
  };
};

/** What another program may have written under our key counts as nothing. */
const parsed = <Value>(json: string): Value | undefined => {
  try {
    return JSON.parse(json) as Value;
  } catch {
    return undefined;
  }
};

/** Logs one line each time Redis goes away and comes back, not one for each attempt to reach it, until the result is called. */
const watch = (redis: Redis, logger: RedisCacheOptions["logger"]): (() => void) => {
  let isAway = false;
  const notice = () => {
    if (!isAway) logger.warn("Redis is away; the cache is empty until it is back");
    isAway = true;
  };
  redis.on("close", notice);
  redis.on("ready", () => {
    if (isAway) logger.info("Redis is back");
    isAway = false;
  });
  // Its errors are not logged: those of a refused login carry the password among the command's arguments.
  redis.on("error", () => undefined);
  return () => void redis.off("close", notice);
};

/** Waits for the first connection, but not for a Redis that is away: the client goes on trying. */
const connect = async (redis: Redis): Promise<void> => {
  let refusal: Error | undefined;
  const notice = (error: Error) => {
    if (/^(?:NOAUTH|WRONGPASS|NOPERM)/.test(error.message)) refusal = error;
  };
  redis.on("error", notice);
  await redis.connect().catch(() => undefined);
  redis.off("error", notice);
  if (refusal === undefined) return;
  redis.disconnect();
  // Without its cause, which carries the password.
  throw new AppError("CONFIG_INVALID", "Redis refuses the user or password of REDIS_URL.");
};
