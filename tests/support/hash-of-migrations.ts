import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const migrations = fileURLToPath(new URL("../../migrations/", import.meta.url));

/** Of the schema and of all that a first start puts into the database: the name of what is made once of them. */
export const hashOfMigrations = async (): Promise<string> => {
  const hash = createHash("sha256");
  const files = (await readdir(migrations, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(path.slice(migrations.length)).update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
};
