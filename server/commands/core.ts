import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { composeCore } from "../core/compose-core.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/**
 * Runs a deep core until a signal comes. One log line says where, and with what.
 * @throws {AppError} CONFIG_INVALID
 */
export const core = async (options: { readonly host: string; readonly port: number }): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) });
  const running = await composeCore(settings, logger, options);
  const { url, store, model } = running;
  logger.info({ url, store, model, edge: settings.ATHENA_EDGE_URL }, `the core listens at ${url}`);
  stopOnSignals(() => running.close(), logger);
};
