import { pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createEmbeddedBus } from "../../platform/events/embedded-bus.ts";
import { openNatsBus } from "../../platform/events/nats-bus.ts";
import { processedOnce } from "../../platform/events/processed-once.ts";
import { startRelay } from "../../platform/events/relay.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";

// Run as a process of its own until somebody kills it. Arguments: relay or consumer, the database's address, NATS' (none: the
// embedded bus). The consumer's effect is a row of `effects`; a line says that it is at work.
const [role = "", databaseUrl = "", natsUrl = ""] = process.argv.slice(2);
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: "silent" });
const metrics = createMetrics();
const leaseMs = 600;
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: databaseUrl }, logger });
const shared = { database, metrics, logger, idleMs: 20, leaseMs };
const bus =
  natsUrl === ""
    ? createEmbeddedBus(shared)
    : await openNatsBus({ ...shared, url: natsUrl, stream: "FAULTS", replicas: 1, retentionMs: 3_600_000 });

if (role === "relay") {
  startRelay({ ...shared, bus, batchEvents: 10 });
  process.stdout.write("working\n");
} else {
  let told = false;
  await bus.consume({
    name: "effects",
    subjects: ["ops.health.*"],
    backoffMs: [30],
    maxDeliver: 50,
    concurrency: 4,
    async handle({ event }) {
      if (!told) process.stdout.write("working\n");
      told = true;
      // Some attempts fail before their effect, some after it.
      if (Math.random() < 0.03) throw new Error("before");
      await database.transaction(async (connection) => {
        if (!(await processedOnce(connection, "effects", event.id))) {
          await connection.query("insert into repeats values ($1)", [event.id]);
          return;
        }
        await connection.query("insert into effects (event_id, aggregate_id, number) values ($1, $2, $3)", [
          event.id,
          event.aggregate.id,
          Number((event.payload as { service: string }).service),
        ]);
      });
      if (Math.random() < 0.03) throw new Error("after");
    },
  });
}
