import type { Logger } from "pino";
import type { Cache } from "../platform/cache/cache.ts";
import type { RegistrySource } from "../platform/config/registry.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Egress } from "../platform/egress/egress.ts";
import type { Outbound } from "../platform/egress/outbound.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { createCachedService } from "../rag-services/cached-service.ts";
import type { RagService } from "../rag-services/rag-service.ts";
import { createRemoteService } from "../rag-services/remote-service.ts";
import { createServices } from "../rag-services/service-list.ts";
import type { ServiceTables } from "./service-tables.ts";

export interface ComposeServicesDeps {
  readonly settings: Settings;
  readonly registry: RegistrySource;
  readonly outbound: Outbound;
  readonly egress: Egress;
  readonly metrics: Metrics;
  readonly cache: Cache;
  readonly tables: ServiceTables;
  readonly logger: Logger;
}

/** The enabled domain services by id, each in process or behind its own server as its registry row says, answers cached. */
export const composeServices = ({
  settings,
  registry,
  outbound,
  egress,
  metrics,
  cache,
  tables,
  logger,
}: ComposeServicesDeps): ReadonlyMap<string, RagService> => {
  const rows = new Map(registry.current().services.map((row) => [row.id, row]));
  const services = createServices({
    settings,
    outbound,
    places: tables.places,
    airports: tables.airports,
    cache,
    logger,
  });
  return new Map(
    services.flatMap((service): [string, RagService][] => {
      const row = rows.get(service.id);
      if (!row) return [];
      const reached =
        row.url === null
          ? service
          : createRemoteService({ service, url: row.url, timeoutMs: row.timeoutMs, egress, metrics });
      return [[service.id, createCachedService(reached, { cache, cacheSeconds: row.cacheSeconds, logger })]];
    }),
  );
};
