import { join } from "node:path";
import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { SessionStore } from "./session-store.ts";

export interface OpenSessionStoreDeps {
  readonly settings: Pick<Settings, "REDIS_URL" | "ATHENA_DATA_DIR" | "ATHENA_FRONT_BUFFER" | "ATHENA_FRONT_RECENT">;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Characters that one entry has on average before the buffer counts as full. */
const charactersEach = 8_000;

/** Opens what a front keeps: in Redis at `REDIS_URL`, else in memory with a journal in the data folder. */
export const openSessionStore = async ({ settings, logger }: OpenSessionStoreDeps): Promise<SessionStore> => {
  const limits = {
    entries: settings.ATHENA_FRONT_BUFFER,
    characters: settings.ATHENA_FRONT_BUFFER * charactersEach,
    recent: settings.ATHENA_FRONT_RECENT,
  };
  if (settings.REDIS_URL !== undefined) {
    const { openRedisSessionStore } = await import("./redis-session-store.ts");
    return openRedisSessionStore({ url: settings.REDIS_URL, limits, logger });
  }
  const { openJournalSessionStore } = await import("./journal-session-store.ts");
  return openJournalSessionStore({ folder: join(settings.ATHENA_DATA_DIR, "front"), limits, logger });
};
