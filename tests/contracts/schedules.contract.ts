import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createScheduler, type Scheduler } from "../../workflows/schedules/create-scheduler.ts";
import type { JobContext, Jobs } from "../../workflows/schedules/schedule.ts";
import { until } from "../support/until.ts";

/** Schedules and their runs, on whatever database. */
export const schedulesContract = (databaseOf: () => Database): void => {
  const at = (text: string) => new Date(text);
  let clock: Date;
  let made: JobContext[];
  let work: (context: JobContext) => Promise<void>;
  const note: Jobs[string] = async (context) => {
    made.push(context);
    await work(context);
    return { notes: made.length };
  };
  const schedulerOf = (options: { leaseMs?: number; jobs?: Jobs } = {}): Scheduler =>
    createScheduler({
      database: databaseOf(),
      jobs: { note },
      metrics: createMetrics(),
      logger: pino({ level: "silent" }),
      timezone: "Europe/Warsaw",
      now: () => clock,
      ...options,
    });
  const add = (id: string, cron: string, row: { timezone?: string; job?: string } = {}) =>
    databaseOf().query("insert into schedules (id, cron, timezone, job, input) values ($1, $2, $3, $4, $5)", [
      id,
      cron,
      row.timezone ?? null,
      row.job ?? "note",
      JSON.stringify({ of: id }),
    ]);
  const alerts = async (id: string) =>
    (
      await databaseOf().query<{ payload: { state: string } }>(
        "select payload from outbox where aggregate_type = 'alert' and aggregate_id = $1 order by sequence",
        [`schedule:${id}`],
      )
    ).map(({ payload }) => payload.state);
  const due = () => made.map(({ dueAt }) => dueAt.toISOString());

  describe("schedules", () => {
    beforeEach(async () => {
      await databaseOf().query("delete from schedules");
      await databaseOf().query("delete from open_alerts");
      await databaseOf().query("delete from outbox where aggregate_type = 'alert'");
      clock = at("2026-03-02T10:00:30Z");
      made = [];
      work = async () => undefined;
    });

    test("a schedule is planned from now on and runs at its times, in its zone", async () => {
      await add("daily", "30 2 * * *");
      await add("elsewhere", "30 2 * * *", { timezone: "Asia/Tokyo" });
      const scheduler = schedulerOf();
      await scheduler.look();
      expect((await scheduler.list()).map(({ id, nextRun }) => [id, nextRun])).toEqual([
        ["daily", at("2026-03-03T01:30:00Z")],
        ["elsewhere", at("2026-03-02T17:30:00Z")],
      ]);
      expect(made).toEqual([]);
      clock = at("2026-03-03T01:30:01Z");
      await scheduler.look();
      await scheduler.look();
      expect(made.map(({ key, timezone, input }) => [key, timezone, input])).toEqual([
        ["daily@2026-03-03T01:30:00.000Z", "Europe/Warsaw", { of: "daily" }],
        ["elsewhere@2026-03-02T17:30:00.000Z", "Asia/Tokyo", { of: "elsewhere" }],
      ]);
      expect(await scheduler.runs("daily", 5)).toMatchObject([
        { status: "done", cause: "time", attempts: 1, dueAt: at("2026-03-03T01:30:00Z") },
      ]);
    });

    test("times that were missed are made up once, by the last of them", async () => {
      await add("often", "*/5 * * * *");
      const scheduler = schedulerOf();
      await scheduler.look();
      clock = at("2026-03-05T07:12:00Z");
      await scheduler.look();
      await scheduler.look();
      expect(due()).toEqual(["2026-03-05T07:10:00.000Z"]);
      expect(await scheduler.list()).toMatchObject([
        { lastRun: at("2026-03-05T07:10:00Z"), nextRun: at("2026-03-05T07:15:00Z") },
      ]);
    });

    test("two leaders at once make each run once", async () => {
      await add("often", "*/5 * * * *");
      const leaders = [schedulerOf(), schedulerOf(), schedulerOf()];
      await leaders[0]!.look();
      for (const minute of ["05", "10", "15", "20"]) {
        clock = at(`2026-03-02T10:${minute}:00Z`);
        await Promise.all(leaders.map((leader) => leader.look()));
      }
      expect(due()).toEqual(["05", "10", "15", "20"].map((minute) => `2026-03-02T10:${minute}:00.000Z`));
    });

    test("a run that takes longer than its pause is not overtaken by the next", async () => {
      await add("often", "*/5 * * * *");
      const scheduler = schedulerOf();
      await scheduler.look();
      const gate = Promise.withResolvers<void>();
      work = () => gate.promise;
      clock = at("2026-03-02T10:05:00Z");
      const first = scheduler.look();
      await until(() => made.length === 1);
      clock = at("2026-03-02T10:17:00Z");
      void scheduler.look();
      await expect(scheduler.runNow("often")).rejects.toMatchObject({ code: "CONFLICT" });
      gate.resolve();
      await first;
      await scheduler.look();
      expect(due()).toEqual(["2026-03-02T10:05:00.000Z", "2026-03-02T10:15:00.000Z"]);
    });

    test("a run whose process died is made again with the same key", async () => {
      await add("daily", "0 12 * * *");
      const dying = schedulerOf({ leaseMs: 300 });
      await dying.look();
      clock = at("2026-03-02T11:00:00Z");
      await databaseOf().query(
        `insert into schedule_runs (schedule_id, due_at, cause, status, holder, lease_until)
         values ('daily', $1, 'time', 'running', gen_random_uuid(), now() - interval '1 second')`,
        [clock.toISOString()],
      );
      await schedulerOf().look();
      expect(made.map(({ key }) => key)).toEqual(["daily@2026-03-02T11:00:00.000Z"]);
      expect(await dying.runs("daily", 5)).toMatchObject([{ status: "done", attempts: 2 }]);
    });

    test("a run that kills its process every time is given up", async () => {
      await add("daily", "0 12 * * *");
      await databaseOf().query(
        `insert into schedule_runs (schedule_id, due_at, cause, status, attempts, holder, lease_until)
         values ('daily', $1, 'time', 'running', 5, gen_random_uuid(), now() - interval '1 second')`,
        [clock.toISOString()],
      );
      const scheduler = schedulerOf();
      await scheduler.look();
      expect(made).toEqual([]);
      expect(await scheduler.runs("daily", 5)).toMatchObject([
        { status: "failed", error: "The process died under it 5 times." },
      ]);
    });

    test("a failing job raises an alert once, runs again at its next time, and the alert is resolved when it succeeds", async () => {
      await add("often", "*/5 * * * *");
      const scheduler = schedulerOf();
      await scheduler.look();
      work = async () => {
        throw new AppError("UPSTREAM_UNAVAILABLE", "The core is away.");
      };
      for (const minute of ["05", "10"]) {
        clock = at(`2026-03-02T10:${minute}:00Z`);
        await scheduler.look();
      }
      expect(await alerts("often")).toEqual(["raised"]);
      expect(await scheduler.runs("often", 5)).toMatchObject([
        { status: "failed", error: "UPSTREAM_UNAVAILABLE: The core is away." },
        { status: "failed" },
      ]);
      work = async () => undefined;
      clock = at("2026-03-02T10:15:00Z");
      await scheduler.look();
      expect(await alerts("often")).toEqual(["raised", "resolved"]);
      expect((await scheduler.runs("often", 1))[0]?.result).toEqual({ notes: 3 });
    });

    test("what another kind of error says is not kept: it may hold content", async () => {
      await add("often", "*/5 * * * *");
      const scheduler = schedulerOf();
      work = async () => {
        throw new TypeError("secret words");
      };
      await (await scheduler.runNow("often")).ended;
      expect((await scheduler.runs("often", 1))[0]?.error).toBe("TypeError");
    });

    test("a paused schedule does not run, and what it left out is not made up", async () => {
      await add("often", "*/5 * * * *");
      const scheduler = schedulerOf();
      await scheduler.look();
      await scheduler.pause("often");
      clock = at("2026-03-02T11:00:00Z");
      await scheduler.look();
      await scheduler.resume("often");
      await scheduler.look();
      expect(made).toEqual([]);
      clock = at("2026-03-02T11:05:00Z");
      await scheduler.look();
      expect(due()).toEqual(["2026-03-02T11:05:00.000Z"]);
      await expect(scheduler.pause("nobody's")).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test("a run by hand is one more, also of a paused schedule, and leaves its times alone", async () => {
      await add("daily", "0 12 * * *");
      const scheduler = schedulerOf();
      await scheduler.look();
      await scheduler.pause("daily");
      const { ended } = await scheduler.runNow("daily");
      expect(await ended).toMatchObject({ status: "done", cause: "hand", dueAt: clock });
      expect(await scheduler.list()).toMatchObject([{ nextRun: at("2026-03-02T11:00:00Z"), lastRun: undefined }]);
      await expect(scheduler.runNow("nobody's")).rejects.toMatchObject({ code: "NOT_FOUND" });
    });

    test("a changed cron is planned anew; one that cannot be read stops no other", async () => {
      await add("daily", "0 12 * * *");
      await add("broken", "whenever");
      const scheduler = schedulerOf();
      await scheduler.look();
      await databaseOf().query("update schedules set cron = '0 18 * * *' where id = 'daily'");
      await scheduler.look();
      expect(await scheduler.list()).toMatchObject([{ nextRun: undefined }, { nextRun: at("2026-03-02T17:00:00Z") }]);
    });

    test("a job that this version does not know is left to one that does", async () => {
      await add("newer", "*/5 * * * *", { job: "from-the-future" });
      await schedulerOf({ jobs: { note, "from-the-future": note } }).look();
      clock = at("2026-03-02T10:05:00Z");
      await schedulerOf().look();
      expect(made).toEqual([]);
      await schedulerOf({ jobs: { note, "from-the-future": note } }).look();
      expect(due()).toEqual(["2026-03-02T10:05:00.000Z"]);
    });

    test("a stopped process gives its run back, and another begins it at once", async () => {
      await add("daily", "0 11 * * *", { timezone: "UTC" });
      const first = schedulerOf();
      await first.look();
      clock = at("2026-03-02T11:00:00Z");
      work = ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const looking = first.look();
      await until(() => made.length === 1);
      await first.stop();
      await looking;
      work = async () => undefined;
      const second = schedulerOf();
      await until(async () => {
        await second.look();
        return made.length === 2;
      });
      expect(new Set(made.map(({ key }) => key)).size).toBe(1);
      expect(await second.runs("daily", 5)).toMatchObject([{ status: "done", attempts: 1 }]);
    });
  });
};
