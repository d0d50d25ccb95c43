import { once } from "node:events";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { holdLeadership } from "../../../workflows/schedules/hold-leadership.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";
import { until } from "../../support/until.ts";

describeWithServer("postgres", "leading while the database goes away", () => {
  let server: Postgres;
  let database: PoolDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({
      settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url },
      logger: pino({ level: "silent" }),
    });
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  test("says once that it failed, however often it tries, and leads again", async () => {
    const said: string[] = [];
    const logger = pino({}, { write: (line) => void said.push(JSON.parse(line).msg) });
    const stopping = new AbortController();
    let times = 0;
    let leading = false;
    const lead = async (signal: AbortSignal) => {
      times += 1;
      leading = true;
      if (!signal.aborted) await once(signal, "abort");
      leading = false;
    };
    const held = holdLeadership({ database, logger, signal: stopping.signal, lead, everyMs: 50 });
    await until(() => leading);
    await server.crash();
    await until(() => !leading && said.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500)); // several attempts
    expect(said).toEqual(["the database does not say who leads the schedules"]);
    await server.restart();
    await until(() => leading);
    expect(times).toBe(2);
    expect(said).toHaveLength(2);
    stopping.abort();
    await held;
    expect(said).toHaveLength(2);
  });
});
