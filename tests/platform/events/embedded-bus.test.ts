import { pino } from "pino";
import { createEmbeddedBus } from "../../../platform/events/embedded-bus.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { eventBusContract } from "../../contracts/event-bus.contract.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";

const logger = pino({ level: "silent" });

describeOnEachDatabase((database) => {
  const openBus = async () =>
    createEmbeddedBus({ database: database(), metrics: createMetrics(), logger, idleMs: 100, leaseMs: 3_000 });
  eventBusContract({ database, openBus });
});
