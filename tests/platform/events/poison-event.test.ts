import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { expect, test } from "vitest";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import { createDeadLetters } from "../../../platform/events/dead-letters.ts";
import { createEmbeddedBus } from "../../../platform/events/embedded-bus.ts";
import type { BusEvent } from "../../../platform/events/event-bus.ts";
import { openNatsBus } from "../../../platform/events/nats-bus.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { startNats } from "../../support/nats.ts";
import { startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";
import { startScript } from "../../support/start-script.ts";
import { until } from "../../support/until.ts";

const eventOf = (service: string): BusEvent => ({
  id: randomUUID(),
  subject: "ops.health.x",
  payload: { service, state: "up" },
  aggregate: { type: "test", id: service },
  createdAt: new Date().toISOString(),
});

const survives = (kind: "embedded" | "nats") => () => {
  test("an event that kills its process every time becomes a dead letter, and all others are handled", {
    timeout: 120_000,
  }, async () => {
    const [server, nats] = await Promise.all([startPostgres(), kind === "nats" ? startNats() : undefined]);
    const logger = pino({ level: "silent" });
    const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
    const shared = { database, metrics: createMetrics(), logger };
    const count = async (table: string, service: string): Promise<number> => {
      const [row] = await database.query<{ count: number }>(
        `select count(*)::integer as count from ${table} where service = $1`,
        [service],
      );
      return row!.count;
    };
    try {
      await migrate(database);
      await database.query("create table deliveries (service text)");
      await database.query("create table handled (service text)");
      const bus = nats
        ? await openNatsBus({ ...shared, url: nats.url, stream: "POISON", replicas: 1, retentionMs: 3_600_000 })
        : createEmbeddedBus(shared);
      const harmless = ["a", "b", "c", "d", "e", "f", "g", "h"];
      await bus.publish([...harmless.slice(0, 2), "poison", ...harmless.slice(2)].map(eventOf));

      const letters = createDeadLetters(database);
      let deaths = 0;
      for (let alive = false; !alive; ) {
        const worker = startScript("poison-worker.ts", [server.url, nats?.url ?? ""]);
        let died = false;
        worker.line("never").catch(() => {
          died = true;
        });
        await until(async () => died || (await letters.list({ consumer: "poisoned" })).length > 0);
        if (died) {
          deaths += 1;
          await worker.kill();
          expect(deaths).toBeLessThanOrEqual(4);
          continue;
        }
        alive = true;
        await until(async () =>
          (await Promise.all(harmless.map((name) => count("handled", name)))).every((n) => n > 0),
        );
        await worker.kill();
      }
      expect(await count("deliveries", "poison")).toBe(deaths);
      expect(deaths).toBe(4);
      const [letter, ...others] = await letters.list({ consumer: "poisoned" });
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ event: { payload: { service: "poison" } }, status: "waiting" });
      expect(letter?.error).toContain("died");
      await bus.close();
    } finally {
      await database.close();
      await Promise.all([server.stop(), nats?.stop()]);
    }
  });
};

describeWithServer("postgres", "on the embedded bus", survives("embedded"));
describeWithServer("postgres", "with PostgreSQL", () => describeWithServer("nats", "on NATS", survives("nats")));
