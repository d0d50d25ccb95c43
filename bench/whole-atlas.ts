import { pino } from "pino";
import { createSummarySource } from "../atlas/deep/summary-source.ts";
import { createFactSource } from "../atlas/facts/fact-source.ts";
import { createFactsFollower } from "../atlas/facts/follow-facts.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import { createGraphFollower } from "../atlas/graph/follow-graph.ts";
import { createGraphSource } from "../atlas/graph/graph-source.ts";
import { createRules } from "../atlas/graph/rules/extract.ts";
import { createIndexer } from "../atlas/index/create-indexer.ts";
import { createRecall } from "../atlas/recall.ts";
import type { ThreadCipher } from "../atlas/thread-cipher.ts";
import type { Recall } from "../atlas/timeline.ts";
import { createVectors } from "../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../atlas/vectors/postgres-vector-store.ts";
import type { Database } from "../platform/db/database.ts";
import { createGazetteer } from "../rag-services/places/create-gazetteer.ts";

const rule = "scoped";

/** Recall with every source that the product asks, no model and no core, and what keeps them. */
export interface WholeAtlas {
  readonly recall: Recall;
  readonly text: Follower;
  readonly vectors: Follower;
  readonly facts: Follower;
  readonly graph: Follower;
}

export interface WholeAtlasDeps {
  readonly database: Database;
  readonly cipher: ThreadCipher;
  /** Days that messages keep their vectors. */
  readonly hotDays: number;
  /** Messages that the text follower takes in one step. */
  readonly textBatch: number;
}

/** The memory as an engine with the default settings has it. */
export const createWholeAtlas = ({ database, cipher, hotDays, textBatch }: WholeAtlasDeps): WholeAtlas => {
  const logger = pino({ level: "silent" });
  const followed = { database, rule, logger } as const;
  const rules = createRules({ places: createGazetteer() });
  const vectors = createVectors({
    ...followed,
    stores: [createPostgresVectorStore({ database })],
    store: "postgres",
    models: { embed: () => Promise.reject(new Error("no model is configured")) },
    model: builtInModel,
    hotDays,
    batch: 200,
  });
  const sources = [
    createSummarySource({ database }),
    createFactSource({ database, rule }),
    createGraphSource({ database, rules }),
    vectors.source,
  ];
  return {
    recall: createRecall({ database, cipher, rule, sources }),
    text: createIndexer({ ...followed, batch: textBatch }),
    vectors: vectors.follower,
    facts: createFactsFollower(followed),
    graph: createGraphFollower({ ...followed, rules, batch: 200 }),
  };
};
