import pino from "pino";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import { openDatabase } from "../../platform/db/open-database.ts";

// Run as a process of its own: indexes what is pending in small steps, says so when it begins, until somebody kills it.
// Argument: the database's address.
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: "silent" });
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: process.argv[2] }, logger });
const indexer = createIndexer({ database, rule: "scoped", logger, batch: 10 });
process.stdout.write("indexing\n");
for (;;) await indexer.catchUp();
