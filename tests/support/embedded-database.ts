import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { createCluster } from "../../platform/db/embedded/create-cluster.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../platform/db/pool-database.ts";
import { hashOfMigrations } from "./hash-of-migrations.ts";
import { freshDataDir, removeDataDir } from "./server-process.ts";

const cache = fileURLToPath(new URL("../../node_modules/.cache/athena/", import.meta.url));

/** A folder with an empty cluster, made once for each version of PGlite: making one takes 2.5 s, a copy 0.1 s. */
const emptyCluster = async (): Promise<string> => {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const { version } = JSON.parse(await readFile(join(dirname(entry), "..", "package.json"), "utf8"));
  const folder = join(cache, `empty-cluster-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "new-"));
  const made = await createCluster(work);
  // Another test file may have been quicker.
  await rename(made, folder).catch(() => undefined);
  await rm(work, { recursive: true, force: true });
  return folder;
};

/** Puts an empty cluster into a data folder, which is made when it is not there. */
export const putCluster = async (dataDir: string): Promise<void> =>
  cp(await emptyCluster(), join(dataDir, "db"), { recursive: true });

/** A fresh data folder that already has an empty cluster, removed by the caller with `removeDataDir`. */
export const dataDirWithCluster = async (): Promise<string> => {
  const dataDir = await freshDataDir();
  await putCluster(dataDir);
  return dataDir;
};

const openIn = (dataDir: string): Promise<PoolDatabase> =>
  openDatabase({ settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined }, logger: pino({ level: "silent" }) });

const openAndRemove = async (dataDir: string): Promise<PoolDatabase> => {
  const database = await openIn(dataDir);
  return {
    ...database,
    async close() {
      await database.close();
      await removeDataDir(dataDir);
    },
  };
};

/** The embedded database, empty, in a folder of its own that `close` removes. */
export const openEmptyEmbedded = async (): Promise<PoolDatabase> => openAndRemove(await dataDirWithCluster());

/** A folder with a cluster that has the schema of this version, made once for each: the migrations take longer than a copy. */
const migratedCluster = async (): Promise<string> => {
  const folder = join(cache, `migrated-cluster-${await hashOfMigrations()}`);
  if (existsSync(folder)) return folder;
  const dataDir = await dataDirWithCluster();
  const database = await openIn(dataDir);
  await migrate(database).finally(() => database.close());
  const made = `${folder}-${process.pid}`;
  await cp(join(dataDir, "db"), made, { recursive: true });
  // Another test file may have been quicker.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  await removeDataDir(dataDir);
  return folder;
};

/** The embedded database with the schema of this version and no rows, in a folder of its own that `close` removes. */
export const openMigratedEmbedded = async (): Promise<PoolDatabase> => {
  const dataDir = await freshDataDir();
  await cp(await migratedCluster(), join(dataDir, "db"), { recursive: true });
  return openAndRemove(dataDir);
};
