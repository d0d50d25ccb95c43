import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher, type ThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Settings } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

export interface AtlasDatabase {
  readonly database: Database;
  readonly cipher: ThreadCipher;
  readonly settings: Settings;
}

/**
 * Opens the settings' database and the key of confidential threads, does the work and closes it.
 * @throws {AppError} CONFIG_INVALID, also while a server holds the embedded database; DATABASE_UNAVAILABLE; what `work` throws.
 */
export const withAtlasDatabase = <Result>(work: (atlas: AtlasDatabase) => Promise<Result>): Promise<Result> =>
  withRegistryDatabase(async (database, settings) => {
    const masterKey = await loadMasterKey({
      ATHENA_MASTER_KEY: settings.ATHENA_MASTER_KEY,
      dataDir: settings.ATHENA_DATA_DIR,
    });
    return work({ database, cipher: createThreadCipher({ masterKey }), settings });
  });
