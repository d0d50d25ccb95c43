import { pino } from "pino";
import { createVectors } from "../../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../../atlas/vectors/postgres-vector-store.ts";
import { reindexVectors } from "../../atlas/vectors/reindex-vectors.ts";
import { openDatabase } from "../../platform/db/open-database.ts";

// Run as a process of its own: follows everything with vectors once, then makes them anew again and again and prints a line for
// each time, until somebody kills it. Argument: the database's address.
const [url = ""] = process.argv.slice(2);
const database = await openDatabase({
  settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url },
  logger: pino({ level: "silent" }),
});
const deps = {
  database,
  logger: { warn: () => undefined },
  rule: "scoped",
  stores: [createPostgresVectorStore({ database })],
  store: "postgres",
  models: { embed: () => Promise.reject(new Error("there is no model")) },
  model: builtInModel,
  hotDays: 90,
  batch: 10,
} as const;
await createVectors(deps).follower.catchUp();
for (;;) {
  const { resumed } = await reindexVectors(deps, ({ done }) => process.stdout.write(`at ${done}\n`));
  process.stdout.write(`done ${resumed}\n`);
}
