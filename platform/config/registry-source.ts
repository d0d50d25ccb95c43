import type { Logger } from "pino";
import type { Queryable } from "../db/database.ts";
import type { Registry, RegistrySource } from "./registry.ts";
import { loadRegistry } from "./registry-repository.ts";

export interface RegistrySourceDeps {
  readonly database: Queryable;
  readonly pollMs: number;
  readonly logger: Pick<Logger, "warn" | "error">;
}

export interface RunningRegistrySource extends RegistrySource {
  /** Reads the rows now; for a change that should not wait for the next poll. */
  refresh(): Promise<void>;
  /** Ends the polling and waits for a reading that is under way. */
  stop(): Promise<void>;
}

/**
 * Loads the registry and reads it again every `pollMs`. A poll that fails leaves the registry in force.
 * @throws {AppError} DATABASE_UNAVAILABLE when the first reading fails.
 */
export const createRegistrySource = async ({
  database,
  pollMs,
  logger,
}: RegistrySourceDeps): Promise<RunningRegistrySource> => {
  let registry = await loadRegistry(database, { logger });
  let reading: Promise<void> | undefined;
  const listeners = new Set<(registry: Registry) => void>();

  const read = async (): Promise<void> => {
    const next = await loadRegistry(database, { logger, previous: registry });
    if (next === registry) return;
    registry = next;
    for (const listener of listeners) {
      try {
        listener(next);
      } catch (error) {
        logger.error({ err: error }, "a listener failed on the new registry");
      }
    }
  };

  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const timer = setInterval(() => {
    refresh().catch((error) => logger.error({ err: error }, "the registry could not be read; the last one stays"));
  }, pollMs);
  timer.unref();

  return {
    current: () => registry,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    refresh,
    async stop() {
      clearInterval(timer);
      listeners.clear();
      await reading?.catch(() => undefined);
    },
  };
};
