import type { Logger } from "pino";
import { createDeepEdge, type DeepEdge } from "../atlas/deep/deep-edge.ts";
import { createDeepFollower } from "../atlas/deep/follow-for-deep.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";

export interface ComposeDeepDeps {
  readonly settings: Settings;
  readonly database: Database;
  readonly logger: Logger;
}

/** What this engine has for a deep core: nothing is logged for one that is not configured. */
export const composeDeep = ({
  settings,
  database,
  logger,
}: ComposeDeepDeps): { readonly followers: readonly Follower[]; readonly edge: DeepEdge | undefined } => {
  if (settings.ATHENA_CORE_KEY === undefined) return { followers: [], edge: undefined };
  const rule = settings.ATHENA_PLAINTEXT_INDEX;
  return {
    followers: [createDeepFollower({ database, rule, logger })],
    edge: createDeepEdge({ database, rule }),
  };
};
