import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { composeWorker } from "../worker/compose-worker.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/**
 * Does the steps of jobs on Temporal until a signal comes; those that run then may end.
 * @throws {AppError} see `composeWorker`
 */
export const worker = async (options: { readonly host: string; readonly port: number }): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) });
  const running = await composeWorker(settings, logger, options);
  const { url, buildId } = running;
  logger.info({ url, buildId, temporal: settings.TEMPORAL_ADDRESS }, `the worker tells how it is at ${url}`);
  stopOnSignals(() => running.close(), logger);
};
