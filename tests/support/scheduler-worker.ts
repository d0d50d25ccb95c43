import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";
import { processedOnce } from "../../platform/events/processed-once.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createScheduler } from "../../workflows/schedules/create-scheduler.ts";

// Run as a process of its own until somebody kills it: leads the schedules of a database, or waits to. Its clock runs 60 times
// as fast as the real one. Each line it prints is a run that it begins or has ended. Arguments: the database's address, how long a
// run takes in ms.
const [databaseUrl = "", takesMs = "0"] = process.argv.slice(2);
/** At which both clocks show the same. */
const epoch = Date.parse("2026-01-01T00:00:00Z");
const logger = pino({ level: "silent" });
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: databaseUrl }, logger });
const scheduler = createScheduler({
  database,
  metrics: createMetrics(),
  logger,
  timezone: "UTC",
  everyMs: 50,
  leaseMs: 600,
  now: () => new Date(epoch + (Date.now() - epoch) * 60),
  jobs: {
    async note({ key, signal }) {
      await database.query("insert into begun values ($1)", [key]);
      process.stdout.write(`begins ${key}\n`);
      await delay(Number(takesMs), undefined, { signal });
      await database.transaction(async (connection) => {
        if (await processedOnce(connection, "note", key))
          await connection.query("insert into effects values ($1)", [key]);
      });
      process.stdout.write(`ended ${key}\n`);
      return {};
    },
  },
});
scheduler.start();
process.stdout.write("started\n");
