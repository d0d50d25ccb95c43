import type { Logger } from "pino";
import type { MasterKey } from "../atlas/master-key.ts";
import type { QueryGraph } from "../graphs/query.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import type { TaskWork } from "../workflows/jobs/do-task.ts";
import type { JobRecords } from "../workflows/jobs/job-store.ts";
import type { Listening } from "./listen.ts";
import { assertSafeBinding } from "./safe-binding.ts";
import type { ServerDeps } from "./server-deps.ts";
import { createStopList } from "./stop-list.ts";

/** A whole engine, built and started; what it stands on stops with `close`. */
export interface Engine {
  readonly deps: ServerDeps;
  readonly database: Database;
  /** What a worker needs to do the steps of jobs. */
  readonly jobs: { readonly masterKey: MasterKey; readonly records: JobRecords; readonly work: TaskWork };
  /** The compiled graph, for LangGraph Studio. */
  readonly queryGraph: QueryGraph;
  /** Serves over HTTP at the address of the settings. */
  listen(): Promise<Listening>;
  /** Stops everything in reverse order: first the edge, last the database. */
  close(): Promise<void>;
}

/**
 * Starts an engine: opens the database, in its own thread, while the rest of the code is being loaded, then builds
 * everything on it in `build-engine.ts`.
 *
 * @throws {AppError} CONFIG_INVALID when a setting cannot be used, the data folder is held by another process, the database's
 * schema is newer than this code, or it is not clear which model is meant; DATABASE_UNAVAILABLE.
 */
export const compose = async (settings: Settings, logger: Logger): Promise<Engine> => {
  assertSafeBinding(settings);
  const stopList = createStopList(logger);
  const opening = openDatabase({ settings, logger });
  // Told where it is awaited: it may fail while the code of the engine is still loading.
  opening.catch(() => undefined);
  stopList.add("database", async () => (await opening.catch(() => undefined))?.close());
  try {
    const { buildEngine } = await import("./build-engine.ts");
    return await buildEngine({ settings, logger, opening, stopList });
  } catch (error) {
    await stopList.stop();
    throw error;
  }
};
