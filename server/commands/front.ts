import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/** Serves a front until a signal comes. @throws {AppError} see `composeFront` */
export const front = async (): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) });
  const { composeFront } = await import("../front/compose-front.ts");
  const composed = await composeFront(settings, logger);
  try {
    const { url } = await composed.listen();
    logger.info({ url, backend: settings.ATHENA_BACKEND_URL }, `Athena's front listens at ${url}`);
  } catch (error) {
    await composed.close();
    throw error;
  }
  stopOnSignals(() => composed.close(), logger);
};
