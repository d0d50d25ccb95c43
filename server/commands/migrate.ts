import { seedRegistry } from "../../platform/config/registry-defaults.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { migrate as migrateDatabase } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";

/**
 * Brings the database's schema and default rows to this version's state.
 * @throws {AppError} CONFIG_INVALID when the schema is newer than this code or the data folder is held by another process;
 * DATABASE_UNAVAILABLE.
 */
export const migrate = async (): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings), to: 2 });
  const database = await openDatabase({ settings, logger });
  try {
    await migrateDatabase(database);
    const seeded = await seedRegistry(database);
    const rows = seeded
      ? `default rows: ${seeded.inserted} added, ${seeded.updated} updated, ${seeded.removed} removed, ${seeded.kept} kept as changed here`
      : "default rows were up to date";
    process.stdout.write(`The ${database.kind} database is up to date; ${rows}.\n`);
  } finally {
    await database.close();
  }
};
