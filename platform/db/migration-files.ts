import { readdir } from "node:fs/promises";

/** Where the SQL of this version is: `0001_name.sql`, `0002_name.sql` … */
export const migrationsFolder = new URL("../../migrations/", import.meta.url);

/** Names of a folder's migrations without `.sql`, in the order in which they apply. */
export const listMigrations = async (folder: URL): Promise<string[]> =>
  (await readdir(folder))
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .map((name) => name.slice(0, -".sql".length))
    .sort();
