import type { Logger } from "pino";
import type { Settings } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { parseApiKeys } from "../api-keys.ts";
import { createAuthenticate } from "../authenticate.ts";
import { createIdentify } from "../clients/identify.ts";
import { compose } from "../compose.ts";
import { createIdentifyCore } from "../core/identify-core.ts";
import { type Listening, listen } from "../listen.ts";
import { assertSafeBinding } from "../safe-binding.ts";
import { createStopList } from "../stop-list.ts";
import { openTemporalWorker } from "./open-temporal.ts";
import { createWorkerApp } from "./worker-app.ts";

export interface WorkerOptions {
  readonly host: string;
  readonly port: number;
}

export interface RunningWorker extends Pick<Listening, "url" | "port"> {
  readonly buildId: string;
  /** Takes no more steps, lets those that run end, then stops everything. */
  close(): Promise<void>;
}

/**
 * Starts a worker: an engine that nobody asks questions, and that does the steps of jobs on Temporal.
 * @throws {AppError} CONFIG_INVALID without TEMPORAL_ADDRESS or DATABASE_URL, or when the address cannot be listened on; see
 *   also `compose`
 */
export const composeWorker = async (
  settings: Settings,
  logger: Logger,
  { host, port }: WorkerOptions,
): Promise<RunningWorker> => {
  if (settings.TEMPORAL_ADDRESS === undefined) {
    throw new AppError("CONFIG_INVALID", "TEMPORAL_ADDRESS is not set: a worker does the steps of jobs on Temporal.");
  }
  if (settings.DATABASE_URL === undefined) {
    throw new AppError(
      "CONFIG_INVALID",
      "DATABASE_URL is not set: a worker shares its database with the server. With the embedded database the server does the steps of jobs itself.",
    );
  }
  assertSafeBinding({ ...settings, ATHENA_HOST: host });
  const stopList = createStopList(logger);
  try {
    const engine = await compose(settings, logger);
    stopList.add("engine", () => engine.close());
    const { metrics, clientProfiles } = engine.deps;
    const worker = await openTemporalWorker({ settings, metrics, logger, ...engine.jobs });
    const keys = parseApiKeys(settings.ATHENA_API_KEYS);
    const app = createWorkerApp({
      worker,
      database: engine.database,
      metrics,
      logger,
      anonymous: keys.length === 0,
      identify: createIdentify({
        authenticate: createAuthenticate(keys, settings.ATHENA_PROFILE),
        profiles: clientProfiles,
        secret: settings.ATHENA_IDENTITY_SECRET,
      }),
      identifyCore: createIdentifyCore(settings.ATHENA_CORE_KEY),
      maxBodyBytes: settings.ATHENA_MAX_BODY_BYTES,
    });
    const listening = await listen(app, { host, port }).catch((cause: unknown) => {
      throw new AppError("CONFIG_INVALID", `The worker cannot listen on ${host}:${port}; try another --port.`, {
        cause,
      });
    });
    stopList.add("health", () => listening.close(5_000));
    // Stops first, and tells meanwhile that it is not ready.
    stopList.add("steps of jobs", () => worker.stop());
    worker.start();
    return {
      url: listening.url,
      port: listening.port,
      buildId: worker.buildId,
      close: () => stopList.stop(),
    };
  } catch (error) {
    await stopList.stop();
    throw error;
  }
};
