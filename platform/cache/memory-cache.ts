import { LRUCache } from "lru-cache";
import type { Cache } from "./cache.ts";

export interface MemoryCacheLimits {
  /** Most values that are kept, and most counters. */
  readonly entries: number;
  /** Most bytes of all keys and values together; a larger value is not kept at all. */
  readonly bytes: number;
}

const defaultLimits: MemoryCacheLimits = { entries: 20_000, bytes: 64 * 1024 * 1024 };

interface Held {
  readonly fencing: number;
  /** On the clock that only runs forward, so that a changed system time neither ends nor prolongs a lock. */
  readonly until: number;
}

/** The cache in this process. Whatever was not used for longest makes room; counters do not compete with values. */
export const createMemoryCache = ({ entries, bytes }: MemoryCacheLimits = defaultLimits): Cache => {
  // Kept as JSON, so that nobody changes a stored value by changing what was given or got.
  const values = new LRUCache<string, string>({
    max: entries,
    maxSize: bytes,
    // Two bytes for each character at most.
    sizeCalculation: (json, key) => 2 * (json.length + key.length) + 1,
  });
  const counters = new LRUCache<string, number>({ max: entries, noUpdateTTL: true });
  const locks = new Map<string, Held>();
  // The time, so that the numbers of a later process are higher than those that writers have stored.
  let fencing = Date.now();

  const remove = (key: string): void => {
    values.delete(key);
    counters.delete(key);
  };

  const dropExpiredLocks = (now: number): void => {
    for (const [resource, held] of locks) if (held.until <= now) locks.delete(resource);
  };

  return {
    kind: "embedded",
    async get<Value>(key: string) {
      const json = values.get(key);
      return (json === undefined ? counters.get(key) : JSON.parse(json)) as Value | undefined;
    },
    async set(key, value, timeToLiveMs) {
      remove(key);
      if (timeToLiveMs > 0) values.set(key, JSON.stringify(value), { ttl: Math.ceil(timeToLiveMs) });
    },
    async delete(key) {
      remove(key);
    },
    async increment(key, by, timeToLiveMs) {
      const value = (counters.get(key) ?? 0) + by;
      counters.set(key, value, { ttl: Math.max(1, Math.ceil(timeToLiveMs)) });
      return value;
    },
    async lock(resource, timeToLiveMs) {
      const now = performance.now();
      dropExpiredLocks(now);
      if (locks.has(resource)) return undefined;
      fencing += 1;
      const held: Held = { fencing, until: now + timeToLiveMs };
      locks.set(resource, held);
      return {
        fencing: held.fencing,
        async release() {
          const isHeld = locks.get(resource) === held && held.until > performance.now();
          if (isHeld) locks.delete(resource);
          return isHeld;
        },
      };
    },
    async ping() {
      return 0;
    },
    async close() {
      values.clear();
      counters.clear();
      locks.clear();
    },
  };
};
