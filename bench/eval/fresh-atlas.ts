import { pino } from "pino";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { createGraphFollower } from "../../atlas/graph/follow-graph.ts";
import { createGraphSource } from "../../atlas/graph/graph-source.ts";
import { createRules } from "../../atlas/graph/rules/extract.ts";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Recall, Timeline } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import { freshDataDir, removeDataDir } from "../../tests/support/server-process.ts";

export interface FreshAtlas {
  readonly database: Database;
  readonly timeline: Timeline;
  readonly recall: Recall;
  /** Indexes what was stored since. */
  index(): Promise<void>;
}

/** Whose memory it is. */
export const personOf = (name: string): Principal => ({ id: `eval:${name}`, roles: ["user"], profile: "openai" });

/** Runs `work` on an empty memory: the product's own tables, indexer and recall on a database that is removed afterwards. */
export const withFreshAtlas = async <Result>(work: (atlas: FreshAtlas) => Promise<Result>): Promise<Result> => {
  const dataDir = await freshDataDir();
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined }, logger });
  try {
    await migrate(database);
    const cipher = createThreadCipher({ masterKey: await loadMasterKey({ dataDir }) });
    const rules = createRules({ places: createGazetteer() });
    const followed = { database, rule: "scoped", logger, batch: 200 } as const;
    const indexer = createIndexer(followed);
    const graph = createGraphFollower({ ...followed, rules });
    return await work({
      database,
      timeline: createTimeline({ database, cipher }),
      recall: createRecall({ database, cipher, sources: [createGraphSource({ database, rules })] }),
      index: async () => {
        await indexer.catchUp();
        await graph.catchUp();
      },
    });
  } finally {
    await database.close();
    await removeDataDir(dataDir);
  }
};
