import type { Cache } from "../../platform/cache/cache.ts";

/** A cache for tests of services: JSON in a map, expiring by the clock. */
export const createMemoryCache = (): Cache & { readonly keys: () => readonly string[] } => {
  const entries = new Map<string, { readonly json: string; readonly until: number }>();
  const live = (key: string) => {
    const entry = entries.get(key);
    if (entry !== undefined && entry.until <= Date.now()) entries.delete(key);
    return entries.get(key);
  };
  return {
    kind: "embedded",
    keys: () => [...entries.keys()],
    async get<Value>(key: string) {
      const entry = live(key);
      return entry === undefined ? undefined : (JSON.parse(entry.json) as Value);
    },
    async set(key, value, timeToLiveMs) {
      entries.set(key, { json: JSON.stringify(value), until: Date.now() + timeToLiveMs });
    },
    async delete(key) {
      entries.delete(key);
    },
    async increment(key, by, timeToLiveMs) {
      const entry = live(key);
      const value = Number(entry?.json ?? 0) + by;
      entries.set(key, { json: String(value), until: entry?.until ?? Date.now() + timeToLiveMs });
      return value;
    },
    async lock() {
      return { fencing: 1, release: async () => true };
    },
    async ping() {
      return 0;
    },
    async close() {},
  };
};
