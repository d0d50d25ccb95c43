import { pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createTemporalWorker } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { createDataConverter } from "../../workflows/jobs/temporal/data-converter.ts";
import { openJobParts } from "./job-parts.ts";
import { createLoggedWork } from "./logged-work.ts";
import { testBundle, testPayloadKey } from "./temporal-parts.ts";

// Run as a process of its own until somebody kills it. Arguments: the database's address, Temporal's, the task queue, the
// tool's log, the longest time of a task in milliseconds. A line says that it is at work.
const [databaseUrl = "", address = "", taskQueue = "", toolLog = "", slowestMs = "0"] = process.argv.slice(2);
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: "silent" });
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: databaseUrl }, logger });
const { records, tasks } = await openJobParts(database);
const worker = createTemporalWorker({
  address,
  namespace: "default",
  taskQueue,
  dataConverter: createDataConverter([await testPayloadKey()]),
  bundle: await testBundle(),
  records,
  work: createLoggedWork({ records: tasks, toolLog, slowestMs: Number(slowestMs) }),
  beatMs: 300,
  logger,
});
worker.start();
const told = setInterval(() => {
  if (worker.state() !== "running") return;
  process.stdout.write("working\n");
  clearInterval(told);
}, 20);
