import type { Database, Queryable } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { raiseAlert, resolveAlert } from "../../platform/events/alerts.ts";
import type { JobResult, Schedule, ScheduleRun } from "./schedule.ts";

/** A run that this process may make, until its lease is over. */
export interface ClaimedRun {
  readonly schedule: Schedule;
  readonly dueAt: Date;
  readonly attempts: number;
  readonly holder: string;
}

/** A schedule and what its next time was planned by. */
export interface PlannedSchedule extends Schedule {
  readonly plannedBy: string | undefined;
  /** One of its runs is under way somewhere. */
  readonly running: boolean;
}

export type RunEnd =
  | { readonly status: "done"; readonly result: JobResult }
  | { readonly status: "failed"; readonly error: string };

export interface ScheduleStore {
  /** In alphabetical order. */
  list(): Promise<readonly PlannedSchedule[]>;
  runs(scheduleId: string, limit: number): Promise<readonly ScheduleRun[]>;
  /** Pauses or resumes; false when there is no such schedule. What a pause left out is not made up. */
  enable(scheduleId: string, enabled: boolean): Promise<boolean>;
  /** Notes the next time, unless another process moved it meanwhile. */
  plan(schedule: PlannedSchedule, next: Date | undefined, plannedBy: string): Promise<void>;
  /**
   * Takes the run of a time, and moves the schedule on to its next one; undefined when another process was first, the
   * schedule was paused, or another of its runs is under way.
   */
  claim(schedule: Schedule, dueAt: Date, next: Date | undefined, leaseMs: number): Promise<ClaimedRun | undefined>;
  /** Takes a run that nobody planned; undefined while another of the schedule is under way. */
  claimByHand(schedule: Schedule, dueAt: Date, leaseMs: number): Promise<ClaimedRun | undefined>;
  /** Takes a run whose process died under it; undefined when there is none of these jobs. */
  claimCutOff(jobs: readonly string[], leaseMs: number): Promise<ClaimedRun | undefined>;
  /** Keeps the run; false when another process has it now. */
  renew(run: ClaimedRun, leaseMs: number): Promise<boolean>;
  /** Notes how the run ended, with the alert that it raises or resolves; false when another process has it now. */
  end(run: ClaimedRun, end: RunEnd): Promise<boolean>;
  /** Gives back a run that was stopped: another process may begin it at once, as if this one had not. */
  giveBack(run: ClaimedRun): Promise<void>;
}

/** Runs of a schedule that are kept. */
const keptRuns = 200;

interface ScheduleRow {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string | null;
  readonly job: string;
  readonly input: Record<string, unknown>;
  readonly enabled: boolean;
  readonly last_run: Date | string | null;
  readonly next_run: Date | string | null;
}

interface RunRow {
  readonly schedule_id: string;
  readonly due_at: Date | string;
  readonly cause: ScheduleRun["cause"];
  readonly status: ScheduleRun["status"];
  readonly attempts: number;
  readonly started_at: Date | string;
  readonly ended_at: Date | string | null;
  readonly error: string | null;
  readonly result: JobResult | null;
}

type ClaimedRow = ScheduleRow & Pick<RunRow, "due_at" | "attempts"> & { readonly holder: string };

const time = (value: Date | string | null): Date | undefined => (value === null ? undefined : new Date(value));
const iso = (value: Date | undefined): string | null => value?.toISOString() ?? null;

const toSchedule = (row: ScheduleRow): Schedule => ({
  id: row.id,
  cron: row.cron,
  timezone: row.timezone ?? undefined,
  job: row.job,
  input: row.input,
  enabled: row.enabled,
  lastRun: time(row.last_run),
  nextRun: time(row.next_run),
});
const toRun = (row: RunRow): ScheduleRun => ({
  scheduleId: row.schedule_id,
  dueAt: new Date(row.due_at),
  cause: row.cause,
  status: row.status,
  attempts: row.attempts,
  startedAt: new Date(row.started_at),
  endedAt: time(row.ended_at),
  error: row.error ?? undefined,
  result: row.result ?? undefined,
});
const toClaimed = (row: ClaimedRow | undefined): ClaimedRun | undefined =>
  row && { schedule: toSchedule(row), dueAt: new Date(row.due_at), attempts: row.attempts, holder: row.holder };

const columns = "s.id, s.cron, s.timezone, s.job, s.input, s.enabled, s.last_run, s.next_run";
const lease = "now() + $1 * interval '1 ms'";
const unlessRunning = `not exists (
  select from schedule_runs r where r.schedule_id = s.id and r.status = 'running')`;
/** Times are kept in milliseconds; who writes a row by hand may give finer ones. */
const isNextRun = (parameter: string): string =>
  `date_trunc('milliseconds', next_run) is not distinct from ${parameter}::timestamptz`;
const alertOf = ({ schedule }: ClaimedRun): string => `schedule:${schedule.id}`;

/** Schedules and their runs in the main database. */
export const createScheduleStore = (database: Database): ScheduleStore => {
  /** Whoever claims a run of the same schedule waits, and then sees this one. */
  const alone = <Result>(scheduleId: string, work: (connection: Queryable) => Promise<Result>): Promise<Result> =>
    database.transaction(async (connection) => {
      await connection.query("select 1 from schedules where id = $1 for update", [scheduleId]);
      return work(connection);
    });
  return {
    async list() {
      const rows = await database.query<ScheduleRow & { planned_by: string | null; running: boolean }>(
        `select ${columns}, s.planned_by, not ${unlessRunning} as running from schedules s order by s.id`,
        [],
        "schedules_list",
      );
      return rows.map((row) => ({
        ...toSchedule(row),
        plannedBy: row.planned_by ?? undefined,
        running: row.running,
      }));
    },

    async runs(scheduleId, limit) {
      const rows = await database.query<RunRow>(
        `select schedule_id, due_at, cause, status, attempts, started_at, ended_at, error, result
       from schedule_runs where schedule_id = $1 order by due_at desc limit $2`,
        [storableText(scheduleId), limit],
      );
      return rows.map(toRun);
    },

    async enable(scheduleId, enabled) {
      const rows = await database.query(
        `update schedules set next_run = case when enabled or not $2 then next_run end, enabled = $2 where id = $1 returning id`,
        [storableText(scheduleId), enabled],
      );
      return rows.length > 0;
    },

    async plan({ id, nextRun, cron }, next, plannedBy) {
      await database.query(
        `update schedules set next_run = $2, planned_by = $3
       where id = $1 and cron = $4 and ${isNextRun("$5")}`,
        [id, iso(next), plannedBy, cron, iso(nextRun)],
      );
    },

    claim: ({ id, nextRun }, dueAt, next, leaseMs) =>
      alone(id, async (connection) => {
        const [row] = await connection.query<ClaimedRow>(
          `with moved as (
           update schedules s set last_run = $3, next_run = $4
           where id = $2 and enabled and ${isNextRun("$5")} and ${unlessRunning} returning *
         ), run as (
           insert into schedule_runs (schedule_id, due_at, cause, status, holder, lease_until)
           select id, $3, 'time', 'running', gen_random_uuid(), ${lease} from moved
           on conflict do nothing returning *
         )
         select ${columns}, run.due_at, run.attempts, run.holder from run join moved s on s.id = run.schedule_id`,
          [leaseMs, id, iso(dueAt), iso(next), iso(nextRun)],
        );
        return toClaimed(row);
      }),

    claimByHand: ({ id }, dueAt, leaseMs) =>
      alone(id, async (connection) => {
        const [row] = await connection.query<ClaimedRow>(
          `with run as (
           insert into schedule_runs (schedule_id, due_at, cause, status, holder, lease_until)
           select id, $3, 'hand', 'running', gen_random_uuid(), ${lease} from schedules s where id = $2 and ${unlessRunning}
           on conflict do nothing returning *
         )
         select ${columns}, run.due_at, run.attempts, run.holder from run join schedules s on s.id = run.schedule_id`,
          [leaseMs, id, iso(dueAt)],
        );
        return toClaimed(row);
      }),

    async claimCutOff(jobs, leaseMs) {
      const [row] = await database.query<ClaimedRow>(
        `with cut_off as (
         select r.schedule_id, r.due_at from schedule_runs r join schedules s on s.id = r.schedule_id
         where r.status = 'running' and r.lease_until < now()
           and s.job in (select jsonb_array_elements_text($2::jsonb))
         order by r.due_at limit 1 for update of r skip locked
       ), run as (
         update schedule_runs r set attempts = attempts + 1, started_at = now(), holder = gen_random_uuid(),
           lease_until = ${lease}
         from cut_off c where r.schedule_id = c.schedule_id and r.due_at = c.due_at returning r.*
       )
       select ${columns}, run.due_at, run.attempts, run.holder from run join schedules s on s.id = run.schedule_id`,
        [leaseMs, JSON.stringify(jobs)],
      );
      return toClaimed(row);
    },

    async renew({ schedule, dueAt, holder }, leaseMs) {
      const rows = await database.query(
        `update schedule_runs set lease_until = ${lease}
       where schedule_id = $2 and due_at = $3 and holder = $4 and status = 'running' returning 1 as ours`,
        [leaseMs, schedule.id, iso(dueAt), holder],
      );
      return rows.length > 0;
    },

    end(run, end) {
      const { schedule, dueAt, holder } = run;
      return database.transaction(async (connection) => {
        const ended = await connection.query(
          `update schedule_runs set status = $4, error = $5, result = $6, ended_at = now(), holder = null, lease_until = null
         where schedule_id = $1 and due_at = $2 and holder = $3 and status = 'running' returning 1 as ours`,
          [
            schedule.id,
            iso(dueAt),
            holder,
            end.status,
            end.status === "failed" ? storableText(end.error) : null,
            end.status === "done" ? JSON.stringify(end.result) : null,
          ],
        );
        if (ended.length === 0) return false;
        if (end.status === "done") await resolveAlert(connection, alertOf(run));
        else await raiseAlert(connection, { id: alertOf(run), severity: "warning", source: "scheduler" });
        await connection.query(
          `delete from schedule_runs where schedule_id = $1 and status <> 'running' and due_at < (
           select due_at from schedule_runs where schedule_id = $1 order by due_at desc offset ${keptRuns} limit 1)`,
          [schedule.id],
        );
        return true;
      });
    },

    async giveBack({ schedule, dueAt, holder }) {
      await database.query(
        `update schedule_runs set lease_until = now(), holder = null, attempts = attempts - 1
       where schedule_id = $1 and due_at = $2 and holder = $3 and status = 'running'`,
        [schedule.id, iso(dueAt), holder],
      );
    },
  };
};
