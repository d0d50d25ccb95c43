import type { Logger } from "pino";
import { type AtlasStatus, readAtlasStatus } from "../atlas/atlas-status.ts";
import { createDeepEdge, type DeepEdge } from "../atlas/deep/deep-edge.ts";
import { createDeepSource, type DeepSource } from "../atlas/deep/deep-source.ts";
import { createDeepFollower } from "../atlas/deep/follow-for-deep.ts";
import { measureDeepLag } from "../atlas/deep/measure-deep-lag.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Egress } from "../platform/egress/egress.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { StopList } from "./stop-list.ts";

export interface ComposeDeepDeps {
  readonly settings: Settings;
  readonly database: Database;
  readonly egress: Egress;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

export interface Deep {
  readonly followers: readonly Follower[];
  readonly edge: DeepEdge | undefined;
  readonly source: DeepSource | undefined;
  readonly status: () => Promise<AtlasStatus>;
}

/**
 * What this engine has for a deep core, and how it asks one; nothing is kept for a core that is not configured.
 * @throws {AppError} CONFIG_INVALID for the address of a core without its key.
 */
export const composeDeep = ({ settings, database, egress, metrics, logger, stopList }: ComposeDeepDeps): Deep => {
  const { ATHENA_CORE_KEY: key, ATHENA_CORE_URL: url, ATHENA_CORE_TIMEOUT_MS: timeoutMs } = settings;
  if (key === undefined) {
    if (url === undefined) {
      const status = () => readAtlasStatus(database, { configured: false, breaker: "closed" });
      return { followers: [], edge: undefined, source: undefined, status };
    }
    throw new AppError("CONFIG_INVALID", "ATHENA_CORE_URL needs ATHENA_CORE_KEY, the key that core and engine share.");
  }
  const rule = settings.ATHENA_PLAINTEXT_INDEX;
  const edge = createDeepEdge({ database, rule });
  const source = url === undefined ? undefined : createDeepSource({ database, url, key, timeoutMs, egress, metrics });
  const gauge = measureDeepLag({ edge, metrics, logger });
  stopList.add("lag of the deep core", () => gauge.stop());
  return {
    followers: [createDeepFollower({ database, rule, logger })],
    edge,
    source,
    status: () => readAtlasStatus(database, { configured: true, breaker: source?.isOpen() ? "open" : "closed" }),
  };
};
