import { pino } from "pino";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Recall, Timeline } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { freshDataDir, removeDataDir } from "../../tests/support/server-process.ts";
import { createWholeAtlas } from "../whole-atlas.ts";

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
    // The sets are some years old.
    const { recall, text, vectors, facts, graph } = createWholeAtlas({
      database,
      cipher,
      hotDays: 100_000,
      textBatch: 200,
    });
    return await work({
      database,
      timeline: createTimeline({ database, cipher }),
      recall,
      index: async () => {
        for (const follower of [text, vectors, facts, graph]) await follower.catchUp();
      },
    });
  } finally {
    await database.close();
    await removeDataDir(dataDir);
  }
};
