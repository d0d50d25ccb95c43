import { readFile } from "node:fs/promises";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createPeopleDirectory, type PeopleDirectory } from "../../atlas/people-directory.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";

export type DirectoryAction = "add" | "list" | "remove" | "import";

/** Names in a file: one a line; empty lines and those that begin with `#` are left out. */
const namesIn = (text: string): string[] =>
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

const readNames = async (file: string): Promise<string[]> => {
  try {
    return namesIn(await readFile(file, "utf8"));
  } catch (cause) {
    throw new AppError("INVALID_INPUT", `The file '${file}' cannot be read.`, { cause });
  }
};

const carryOut = async (
  directory: PeopleDirectory,
  action: DirectoryAction,
  principal: string,
  given: readonly string[],
): Promise<string> => {
  switch (action) {
    case "list":
      return (await directory.list(principal)).map((name) => `${name}\n`).join("");
    case "remove":
      return `${await directory.remove(principal, given)} removed.\n`;
    case "add":
      return `${await directory.add(principal, given)} added.\n`;
    case "import": {
      const names = (await Promise.all(given.map(readNames))).flat();
      return `${await directory.add(principal, names)} of ${names.length} added.\n`;
    }
  }
};

/**
 * Shows or changes the people whom a principal knows. A running server sees the change within a minute.
 * @throws {AppError} INVALID_INPUT; CONFIG_INVALID when the data folder is held by another process; DATABASE_UNAVAILABLE.
 */
export const directory = async (
  action: DirectoryAction,
  given: readonly string[],
  { principal }: { readonly principal: string },
): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: "warn", secrets: secretValues(settings), to: 2 });
  const database = await openDatabase({ settings, logger });
  try {
    await migrate(database);
    const masterKey = await loadMasterKey({
      ATHENA_MASTER_KEY: settings.ATHENA_MASTER_KEY,
      dataDir: settings.ATHENA_DATA_DIR,
    });
    process.stdout.write(await carryOut(createPeopleDirectory({ database, masterKey }), action, principal, given));
  } finally {
    await database.close();
  }
};
