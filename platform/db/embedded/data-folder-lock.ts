import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../errors/app-error.ts";

/**
 * Makes the data folder (mode 0700) and holds it until the returned function is called or the process dies, however it dies:
 * the lock is the system's own on an open file, so that none is ever left behind.
 *
 * @throws {AppError} CONFIG_INVALID when another process holds the folder, or it cannot be written.
 */
export const holdDataFolder = async (dataDir: string): Promise<() => void> => {
  // Node calls its SQLite experimental, and only the embedded database needs it.
  const { DatabaseSync } = await import("node:sqlite");
  let connection: DatabaseSync | undefined;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    connection = new DatabaseSync(join(dataDir, "lock.db"));
    connection.exec("BEGIN EXCLUSIVE");
    const held = connection;
    return () => held.close();
  } catch (cause) {
    connection?.close();
    const isBusy = cause instanceof Error && /database is locked/.test(cause.message);
    const message = isBusy
      ? `The data folder ${dataDir} is in use by another Athena process. Stop that one, or set ATHENA_DATA_DIR to another folder.`
      : `The data folder ${dataDir} cannot be used. Check that it can be written, or set ATHENA_DATA_DIR to another folder.`;
    throw new AppError("CONFIG_INVALID", message, { cause });
  }
};
