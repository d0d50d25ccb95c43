import type { Logger } from "pino";
import { createThreadChanges } from "../atlas/create-thread-changes.ts";
import { createTimeline } from "../atlas/create-timeline.ts";
import { createSummarySource } from "../atlas/deep/summary-source.ts";
import { createFacts } from "../atlas/facts/create-facts.ts";
import { createFactSource } from "../atlas/facts/fact-source.ts";
import type { Facts } from "../atlas/facts/facts.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import { tellFollowers, tellFollowersOfChanges } from "../atlas/follow/tell-followers.ts";
import type { Graph } from "../atlas/graph/graph.ts";
import { createIndexer } from "../atlas/index/create-indexer.ts";
import type { MasterKey } from "../atlas/master-key.ts";
import { tellNews, tellNewsOfChanges } from "../atlas/news.ts";
import type { PeopleDirectory } from "../atlas/people-directory.ts";
import { createRecall } from "../atlas/recall.ts";
import type { ThreadChanges } from "../atlas/thread-changes.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import type { Recall, Timeline } from "../atlas/timeline.ts";
import { createVectors, type Vectors } from "../atlas/vectors/create-vectors.ts";
import type { RegistrySource } from "../platform/config/registry.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Egress } from "../platform/egress/egress.ts";
import type { Broadcast } from "../platform/events/broadcast.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import { composeDeep, type Deep } from "./compose-deep.ts";
import { composeFacts } from "./compose-facts.ts";
import { composeGraph } from "./compose-graph.ts";
import { composeVectors } from "./compose-vectors.ts";
import type { PermitFor } from "./create-permit-for.ts";
import type { ServiceTables } from "./service-tables.ts";
import type { StopList } from "./stop-list.ts";

export interface ComposeAtlasDeps {
  readonly settings: Settings;
  /** Tells the relay of what is written. */
  readonly database: Database;
  /** The same database for indexes: what they write tells of no events, and waits for those who wait for an answer. */
  readonly indexDatabase: Database;
  readonly masterKey: MasterKey;
  readonly broadcast: Broadcast;
  readonly models: ModelGateway;
  readonly registry: RegistrySource;
  readonly people: PeopleDirectory;
  readonly permitFor: PermitFor;
  readonly places: ServiceTables["places"];
  readonly egress: Egress;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

/** The memory: what was said, everything derived from it, and what finds it again. */
export interface ComposedAtlas {
  /** Tells indexes and listeners of what is written. */
  readonly timeline: Timeline;
  /** Edits and deletions, told to the same. */
  readonly threadChanges: ThreadChanges;
  readonly recall: Recall;
  readonly graph: Graph;
  readonly facts: Facts;
  readonly vectors: Vectors;
  readonly deep: Pick<Deep, "edge" | "source" | "status">;
  /** Every index that is derived from the timeline; none follows before `start`. */
  readonly followers: readonly Follower[];
  /** Has the indexes follow; `stopList` stops them. */
  start(): void;
}

/**
 * Builds the memory. A new index is a `compose…` of its own and a line in each of `followers` and `sources`.
 * @throws {AppError} CONFIG_INVALID, see `composeDeep` and `composeVectors`; DATABASE_UNAVAILABLE
 */
export const composeAtlas = async (deps: ComposeAtlasDeps): Promise<ComposedAtlas> => {
  const { settings, database, masterKey, broadcast, stopList } = deps;
  const { models, registry, people, permitFor, places, egress, metrics, logger } = deps;
  const rule = settings.ATHENA_PLAINTEXT_INDEX;
  const followed = { database: deps.indexDatabase, rule, logger };

  const deep = composeDeep({ ...followed, settings, egress, metrics, stopList });
  const graph = composeGraph({ ...followed, places, registry, people, settings, models, permitFor, metrics });
  const vectors = createVectors(await composeVectors({ ...followed, settings, models, egress, metrics }));
  const followers = [
    createIndexer(followed),
    vectors.follower,
    ...composeFacts({ ...followed, settings, models, permitFor, metrics }),
    ...graph.followers,
    ...deep.followers,
  ];
  for (const { name, stop } of followers) stopList.add(`index ${name}`, stop);
  const sources = [
    vectors.source,
    graph.source,
    createSummarySource({ database, embedQuery: vectors.embedQuery }),
    createFactSource({ database, rule }),
  ];

  const cipher = createThreadCipher({ masterKey });
  const timeline = tellFollowers(createTimeline({ database, cipher }), followers);
  const threadChanges = tellFollowersOfChanges(createThreadChanges({ database, cipher }), followers);
  return {
    timeline: tellNews(timeline, broadcast),
    threadChanges: tellNewsOfChanges(threadChanges, broadcast),
    recall: createRecall({ database, cipher, rule, sources, deep: deep.source }),
    graph: graph.graph,
    facts: createFacts({ database }),
    vectors,
    deep,
    followers,
    start() {
      for (const follower of followers) follower.start();
    },
  };
};
