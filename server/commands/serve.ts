import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/** Serves until a signal comes. One log line says where, and with what. @throws {AppError} see `compose` */
export const serve = async (): Promise<void> => {
  const startedAt = performance.now();
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) });
  const { compose } = await import("../compose.ts"); // after the settings, so that a wrong one is told at once
  const engine = await compose(settings, logger);
  try {
    const { url } = await engine.listen();
    const { models, database, cache, bus } = engine.deps;
    const configured = {
      url,
      database: database.kind,
      cache: cache.kind,
      events: bus.kind,
      model: models.answerModel ?? "none, answers are facts only",
      identity: settings.ATHENA_API_KEYS === undefined ? "none, loopback only" : "API keys",
      startMs: Math.round(performance.now() - startedAt),
    };
    logger.info(configured, `Athena listens at ${url}`);
  } catch (error) {
    await engine.close();
    throw error;
  }
  stopOnSignals(() => engine.close(), logger);
};
