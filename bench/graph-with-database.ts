import pino from "pino";
import { createTimeline } from "../atlas/create-timeline.ts";
import { loadMasterKey } from "../atlas/master-key.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import { loadSettings } from "../platform/config/settings.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import { freshDataDir, removeDataDir } from "../tests/support/server-process.ts";
import { benchGraph } from "./graph.ts";

/** The stub query with the real timeline on the embedded database. */
export const benchGraphWithDatabase = async () => {
  const dataDir = await freshDataDir();
  const database = await openDatabase({
    settings: loadSettings({ ATHENA_DATA_DIR: dataDir }),
    logger: pino({ level: "silent" }),
  });
  try {
    await migrate(database);
    const cipher = createThreadCipher({ masterKey: await loadMasterKey({ dataDir }) });
    return await benchGraph(createTimeline({ database, cipher }));
  } finally {
    await database.close();
    await removeDataDir(dataDir);
  }
};
