import { seedRegistry } from "../../platform/config/registry-defaults.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import { type Settings, settingsFromEnvironment } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";

/**
 * Opens the settings' database at this version's state, does the work on it and closes it. Standard output stays free.
 * @throws {AppError} CONFIG_INVALID, also while a server holds the embedded database; DATABASE_UNAVAILABLE; what `work` throws.
 */
export const withRegistryDatabase = async <Result>(
  work: (database: Database, settings: Settings) => Promise<Result>,
): Promise<Result> => {
  const settings = settingsFromEnvironment();
  const level = settings.LOG_LEVEL === "info" ? "warn" : settings.LOG_LEVEL;
  const logger = createLogger({ level, secrets: secretValues(settings), to: 2 });
  const database = await openDatabase({ settings, logger });
  try {
    await migrate(database);
    await seedRegistry(database);
    return await work(database, settings);
  } finally {
    await database.close();
  }
};
