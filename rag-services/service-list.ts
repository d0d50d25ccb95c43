import type { Logger } from "pino";
import type { Cache } from "../platform/cache/cache.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Outbound } from "../platform/egress/outbound.ts";
import type { AirportTable } from "./airports/airport-table.ts";
import { createAirports } from "./airports/service.ts";
import { createEvents } from "./events/service.ts";
import { createNews } from "./news/service.ts";
import type { Gazetteer } from "./places/place.ts";
import type { RagService } from "./rag-service.ts";
import { createSearch } from "./search/service.ts";
import { createSports } from "./sports/service.ts";
import { createStocks } from "./stocks/service.ts";
import { createStreaming } from "./streaming/service.ts";
import { createWeather } from "./weather/service.ts";

/** What services are made of; each takes the part that it uses. */
export interface ServiceDeps {
  readonly settings: Settings;
  readonly outbound: Outbound;
  readonly places: Gazetteer;
  readonly airports: AirportTable;
  /** For what outlives one answer (lists of symbols, parsed feeds); answers themselves are cached around the service. */
  readonly cache: Cache;
  readonly logger?: Logger;
  readonly now?: () => Date;
}

/** Every domain service, one line each; a new one is a folder, a test and a line here. */
export const createServices = (deps: ServiceDeps): readonly RagService[] => [
  createWeather(deps),
  createAirports(deps),
  createSports(deps),
  createEvents(deps),
  createStreaming(deps),
  createNews(deps),
  createStocks(deps),
  createSearch(deps),
];
