import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { Cache } from "./cache.ts";
import { createMemoryCache } from "./memory-cache.ts";

export interface OpenCacheDeps {
  readonly settings: Pick<Settings, "REDIS_URL">;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/**
 * Opens the cache: Redis at `REDIS_URL`, else in this process. The choice is made here and nowhere else. A Redis that is away
 * does not hinder the start: until it comes back the cache is empty.
 *
 * @throws {AppError} CONFIG_INVALID when Redis refuses the user or password.
 */
export const openCache = async ({ settings, logger }: OpenCacheDeps): Promise<Cache> => {
  if (settings.REDIS_URL === undefined) return createMemoryCache();
  const { openRedisCache } = await import("./redis-cache.ts");
  return openRedisCache({ url: settings.REDIS_URL, logger });
};
