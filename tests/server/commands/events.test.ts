import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { createConsumerStore } from "../../../platform/events/consumer-store.ts";
import { healthEvent } from "../../contracts/event-bus.contract.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { runAthena } from "../../support/run-command.ts";
import { describeWithServer } from "../../support/servers.ts";

// PostgreSQL, because tests look into the database while commands work on it.
describeWithServer("postgres", "commands about events", () => {
  let server: Postgres;
  let database: PoolDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({
      settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url },
      logger: pino({ level: "silent" }),
    });
    await migrate(database);
    for (const [consumer, count] of [
      ["indexer", 2],
      ["notices", 1],
    ] as const) {
      const store = createConsumerStore(database, consumer);
      for (let index = 0; index < count; index += 1) {
        const failed = { attempt: 1, at: new Date().toISOString(), error: "NOT_FOUND: gone" };
        await store.bury({ event: healthEvent(consumer, "a"), error: failed.error, history: [failed] });
      }
    }
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });
  const athena = (...parameters: string[]) => runAthena(parameters, { DATABASE_URL: server.url });

  test("dlq list shows a line for each, and filters by consumer and subject", async () => {
    const { code, stdout, stderr } = await athena("dlq", "list");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^3 {2}\d{4}-\S+Z {2}notices {2}ops\.health\.notices {2}1× {2}NOT_FOUND: gone$/);
    const json = JSON.parse((await athena("dlq", "list", "--json", "--consumer", "indexer")).stdout);
    expect(json.map(({ id }: { id: number }) => id)).toEqual([2, 1]);
    expect((await athena("dlq", "list", "--subject", "*.*.notices")).stdout).toMatch(/^3 [^\n]+\n$/);
    expect((await athena("dlq", "list", "--status", "dropped")).stdout).toBe("No dead letters are dropped.\n");
  });

  test("dlq show prints one whole; one that is not there is an error", async () => {
    const { stdout } = await athena("dlq", "show", "1");
    expect(JSON.parse(stdout)).toMatchObject({
      id: 1,
      consumer: "indexer",
      status: "waiting",
      event: { subject: "ops.health.indexer", aggregate: { type: "indexer", id: "a" } },
      history: [{ attempt: 1, error: "NOT_FOUND: gone" }],
    });
    expect(await athena("dlq", "show", "99")).toMatchObject({
      code: 1,
      stderr: "athena: There is no dead letter 99.\n",
    });
  });

  test("dlq retry and drop take numbers or --all, and settle each letter once", async () => {
    expect(await athena("dlq", "retry")).toMatchObject({ code: 1, stdout: "" });
    expect(await athena("dlq", "retry", "one")).toMatchObject({ code: 2, stdout: "" });
    expect((await athena("dlq", "retry", "1", "99")).stdout).toBe("1 given to their consumers again.\n");
    expect((await athena("dlq", "drop", "--all", "--consumer", "indexer")).stdout).toBe("1 dropped.\n");
    expect((await athena("dlq", "drop", "1", "2")).stdout).toBe("0 dropped.\n");
    expect(await database.query("select id::integer, status from dead_letters order by id")).toEqual([
      { id: 1, status: "retried" },
      { id: 2, status: "dropped" },
      { id: 3, status: "waiting" },
    ]);
    expect(await database.query("select consumer, attempts from event_retries")).toEqual([
      { consumer: "indexer", attempts: 0 },
    ]);
  });

  test("events republish sets back what was published since a time", async () => {
    const publishedAt = async (at: string) => {
      const id = randomUUID();
      await database.query(
        `insert into outbox (id, aggregate_type, aggregate_id, event_type, payload, status, published_at)
         values ($1, 'test', 'a', 'ops.health.x', '{}', 'published', $2)`,
        [id, at],
      );
      return id;
    };
    await publishedAt("2026-03-01T10:00:00Z");
    const later = await publishedAt("2026-03-01T12:00:00Z");
    expect(
      (await athena("events", "republish", "--since", "2026-03-01T11:00:00Z", "--subject", "audit.>")).stdout,
    ).toMatch(/^0 /);
    const { code, stdout } = await athena("events", "republish", "--since", "2026-03-01T11:00:00Z");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1 events will be published again by a running server.\n" });
    const pending = await database.query("select id from outbox where status = 'pending' and aggregate_type = 'test'");
    expect(pending).toEqual([{ id: later }]);
    expect((await athena("events", "republish", "--since", "yesterday")).code).toBe(2);
    expect((await athena("events", "republish")).code).toBe(2);
  });
});
