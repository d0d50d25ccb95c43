import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";
import { type StartedScript, startScript } from "../../support/start-script.ts";
import { until } from "../../support/until.ts";

const kills = 5;

describeWithServer("postgres", "schedules of two processes", () => {
  let server: Postgres;
  let template: string;
  let url: string;
  let database: PoolDatabase;
  let workers: StartedScript[] = [];
  const start = async (): Promise<StartedScript> => {
    const worker = startScript("scheduler-worker.ts", [url, "150"]);
    workers.push(worker);
    await worker.line("started");
    return worker;
  };
  const kill = async (worker: StartedScript): Promise<void> => {
    workers = workers.filter((other) => other !== worker);
    await worker.kill();
  };
  /** How often each run was begun and had its effect, by its key. */
  const counts = async () => {
    const rows = await database.query<{
      key: string;
      begun: number;
      effects: number;
      status: string;
      attempts: number;
    }>(
      `select r.schedule_id || '@' || to_char(r.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as key, r.status,
         r.attempts, (select count(*)::integer from begun b where b.key = r.schedule_id || '@'
           || to_char(r.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as begun,
         (select count(*)::integer from effects e where e.key = r.schedule_id || '@'
           || to_char(r.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as effects
       from schedule_runs r order by r.due_at`,
    );
    return rows;
  };
  /** The same at a moment in which no run is under way; a second later the next one is. `more`: than so many runs. */
  const settled = async (more = 0) => {
    let runs: Awaited<ReturnType<typeof counts>> = [];
    await until(async () => {
      runs = await counts();
      return runs.length > more && runs.every(({ status }) => status === "done");
    });
    return runs;
  };
  const lastLine = (worker: StartedScript) => worker.lines.at(-1) ?? "";

  const open = (at: string) =>
    openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: at }, logger: pino({ level: "silent" }) });

  beforeAll(async () => {
    server = await startPostgres();
    const made = await server.createDatabase();
    const empty = await open(made.url);
    await migrate(empty);
    await empty.query("delete from schedules");
    await empty.query("create table begun (key text)");
    await empty.query("create table effects (key text)");
    await empty.close();
    template = made.name;
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    ({ url } = await server.createDatabase(template));
    database = await open(url);
    // A minute of the workers' clock is a second.
    await database.query("insert into schedules (id, cron, job) values ('note', '* * * * *', 'note')");
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    workers = [];
    await database.close();
  });

  test(`${kills} kills of the leader in the middle of a run: each run has its effect once`, {
    timeout: 90_000,
  }, async () => {
    await Promise.all([start(), start()]);
    const killed: string[] = [];
    while (killed.length < kills) {
      await until(() => workers.some((worker) => lastLine(worker).startsWith("begins ")), 20_000);
      const leader = workers.find((worker) => lastLine(worker).startsWith("begins "))!;
      killed.push(lastLine(leader).slice("begins ".length));
      await kill(leader);
      await start();
      // Another leads, and ends what this one had begun.
      await until(
        async () => (await counts()).some(({ key, status }) => key === killed.at(-1) && status === "done"),
        20_000,
      );
      await delay(Math.random() * 300);
    }
    const runs = await settled();
    expect(runs.length).toBeGreaterThanOrEqual(kills);
    expect(runs.filter(({ effects }) => effects !== 1)).toEqual([]);
    // The others were never begun by two.
    expect(runs.filter(({ key, begun }) => begun !== (killed.includes(key) ? 2 : 1))).toEqual([]);
  });

  test("only one of two processes leads", { timeout: 60_000 }, async () => {
    const [one, other] = await Promise.all([start(), start()]);
    const begun = (worker: StartedScript) => worker.lines.filter((line) => line.startsWith("begins ")).length;
    await until(() => begun(one) + begun(other) >= 4, 20_000);
    expect([begun(one), begun(other)]).toContain(0);
  });

  test("what was missed while nothing was up is made up once", { timeout: 60_000 }, async () => {
    const first = await start();
    await first.line("ended ");
    await settled();
    await kill(first);
    const before = (await counts()).length;
    const from = Date.now();
    await delay(3_500);
    await start();
    const runs = await settled(before);
    const made = runs.slice(before);
    // Of the minutes that passed the last was made up, when the process was there again.
    const epoch = Date.parse("2026-01-01T00:00:00Z");
    expect((Date.parse(made[0]!.key.split("@")[1]!) - epoch) / 60 + epoch).toBeGreaterThan(from + 2_000);
    expect(runs.filter(({ effects }) => effects !== 1)).toEqual([]);
    expect(made.filter(({ begun }) => begun !== 1)).toEqual([]);
  });
});
