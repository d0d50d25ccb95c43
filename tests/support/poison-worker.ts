import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";
import { createEmbeddedBus } from "../../platform/events/embedded-bus.ts";
import { openNatsBus } from "../../platform/events/nats-bus.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";

// Run as a process of its own: a consumer that notes each delivery and is killed by every event about the service `poison`, as by
// one that takes all memory. Arguments: the database's address, NATS' (none: the embedded bus).
const [databaseUrl = "", natsUrl = ""] = process.argv.slice(2);
const logger = pino({ level: "silent" });
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: databaseUrl }, logger });
const shared = { database, metrics: createMetrics(), logger, idleMs: 20, leaseMs: 300 };
const bus =
  natsUrl === ""
    ? createEmbeddedBus(shared)
    : await openNatsBus({ ...shared, url: natsUrl, stream: "POISON", replicas: 1, retentionMs: 3_600_000 });
await bus.consume({
  name: "poisoned",
  subjects: ["ops.health.*"],
  maxDeliver: 4,
  concurrency: 4,
  async handle({ event }) {
    const { service } = event.payload as { service: string };
    await database.query("insert into deliveries values ($1)", [service]);
    await delay(50);
    if (service === "poison") process.kill(process.pid, "SIGKILL");
    await database.query("insert into handled values ($1)", [service]);
  },
});
