import { openCache } from "../../platform/cache/open-cache.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { createEgress } from "../../platform/egress/create-egress.ts";
import { createOutbound } from "../../platform/egress/create-outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createCachedService } from "../../rag-services/cached-service.ts";
import { createServices } from "../../rag-services/service-list.ts";
import { serveService } from "../../rag-services/service-server.ts";
import { loadServiceTables } from "../service-tables.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/** The usual port of each service; one that is not named takes a free port. */
const ports: Readonly<Record<string, number>> = {
  weather: 8010,
  airports: 8011,
  sports: 8012,
  events: 8013,
  streaming: 8014,
  news: 8015,
  stocks: 8016,
  search: 8017,
};

/**
 * Serves one domain service until a signal comes; it needs no database.
 * @throws {AppError} INVALID_INPUT for an unknown name, CONFIG_INVALID for an address that is not loopback or taken.
 */
export const service = async (
  name: string,
  { host, port }: { readonly host: string; readonly port?: number },
): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings) });
  const metrics = createMetrics();
  const outbound = createOutbound({ egress: createEgress({ metrics }), metrics });
  const [tables, cache] = await Promise.all([loadServiceTables(), openCache({ settings, logger })]);
  const { places, airports } = tables;
  const services = createServices({ settings, outbound, places, airports, cache, logger });
  const wanted = services.find(({ id }) => id === name);
  if (!wanted) {
    await cache.close();
    const known = services.map(({ id }) => id).join(", ");
    throw new AppError("INVALID_INPUT", `There is no service '${name}'. There are: ${known}.`);
  }
  // Equal queries share one call; how long an answer may be kept is for each engine that asks to say.
  const sharing = createCachedService(wanted, { cache, cacheSeconds: 0, logger });
  const served = await serveService({ service: sharing, host, port: port ?? ports[name] ?? 0, metrics, logger });
  stopOnSignals(async () => {
    await served.close();
    await cache.close();
  }, logger);
};
