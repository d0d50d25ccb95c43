import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";

/**
 * Opens the settings' database with this version's schema, does the work on it and closes it. Standard output stays free.
 * @throws {AppError} CONFIG_INVALID, also while a server holds the embedded database; DATABASE_UNAVAILABLE; what `work` throws.
 */
export const withDatabase = async <Result>(work: (database: Database) => Promise<Result>): Promise<Result> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: "warn", secrets: secretValues(settings), to: 2 });
  const database = await openDatabase({ settings, logger });
  try {
    await migrate(database);
    return await work(database);
  } finally {
    await database.close();
  }
};
