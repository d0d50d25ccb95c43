import { existsSync } from "node:fs";
import { cp, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { loadSettings } from "../../platform/config/settings.ts";
import { compose } from "../../server/compose.ts";
import { dataDirWithCluster } from "./embedded-database.ts";
import { hashOfMigrations } from "./hash-of-migrations.ts";
import { freshDataDir } from "./server-process.ts";

const cache = fileURLToPath(new URL("../../node_modules/.cache/athena/", import.meta.url));
/** A data folder in which an engine has run once: its database is migrated and filled, its classifier trained. Made once. */
const template = async (): Promise<string> => {
  const folder = join(cache, `used-data-dir-${await hashOfMigrations()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await dataDirWithCluster();
  const engine = await compose(loadSettings({ ATHENA_DATA_DIR: work, ATHENA_PORT: "0" }), pino({ level: "silent" }));
  await engine.deps.topicsOf("hello", AbortSignal.timeout(60_000)); // waits for the classifier
  await engine.close();
  const made = `${folder}-${process.pid}`;
  await cp(work, made, { recursive: true });
  // Another test file may have been quicker.
  await rename(made, folder).catch(() => undefined);
  return folder;
};

/** A fresh copy of a data folder in which an engine has run before, as most starts find it; the first start has tests of its own. */
export const usedDataDir = async (): Promise<string> => {
  const dataDir = await freshDataDir();
  await cp(await template(), dataDir, { recursive: true });
  return dataDir;
};
