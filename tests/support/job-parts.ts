import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { createJobStore } from "../../workflows/jobs/create-job-store.ts";

/** Jobs in a real database with all that they stand on; several processes may have them at once. */
export const openJobParts = async (database: Database) => {
  const masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  const cipher = createThreadCipher({ masterKey });
  const timeline = createTimeline({ database, cipher });
  const threadChanges = createThreadChanges({ database, cipher });
  const say = createSayInThread({ timeline, threadChanges });
  return { timeline, threadChanges, ...createJobStore({ database, cipher, say }) };
};
