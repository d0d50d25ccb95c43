import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { readCron } from "./cron-times.ts";
import { holdLeadership } from "./hold-leadership.ts";
import { makeRun } from "./make-run.ts";
import type { Jobs, Schedule, ScheduleRun } from "./schedule.ts";
import { type ClaimedRun, createScheduleStore, type PlannedSchedule } from "./schedule-store.ts";

export interface SchedulerDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly metrics: Pick<Metrics, "scheduleRuns" | "scheduleSeconds" | "schedulerLeads">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** The zone of schedules that name none. */
  readonly timezone: string;
  readonly now?: () => Date;
  /** How often the leader looks for what is due; default 2 s. */
  readonly everyMs?: number;
  /** How long a run whose process died waits for another; default 30 s. */
  readonly leaseMs?: number;
}

/** Runs what recurs: one process leads, each time of a schedule has one run, whoever finds it due. */
export interface Scheduler {
  list(): Promise<readonly Schedule[]>;
  /** The newest runs of a schedule. */
  runs(scheduleId: string, limit: number): Promise<readonly ScheduleRun[]>;
  /** @throws {AppError} NOT_FOUND */
  pause(scheduleId: string): Promise<void>;
  /** Goes on with the next time; what the pause left out is not made up. @throws {AppError} NOT_FOUND */
  resume(scheduleId: string): Promise<void>;
  /**
   * Runs a schedule now, in this process, also when it is paused. Resolves when the run has begun; `ended` when it is over.
   * @throws {AppError} NOT_FOUND; CONFLICT while it runs already
   */
  runNow(scheduleId: string): Promise<{ readonly dueAt: Date; readonly ended: Promise<ScheduleRun> }>;
  /** Looks once for what is due and begins it, as the leader does; resolves when all that it began is over. */
  look(): Promise<void>;
  /** Leads whenever no other process does. */
  start(): void;
  /** Stops the runs under way: they are begun again by another process. */
  stop(): Promise<void>;
}

/** Runs of one process at a time: they share it with people who wait for answers. */
const mostAtOnce = 2;

export const createScheduler = (deps: SchedulerDeps): Scheduler => {
  const { database, jobs, metrics, logger, timezone, now = () => new Date() } = deps;
  const { everyMs = 2_000, leaseMs = 30_000 } = deps;
  const store = createScheduleStore(database);
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const unreadable = new Set<string>();
  let leading: Promise<void> | undefined;

  const begin = (run: ClaimedRun): Promise<ScheduleRun["status"] | "stopped"> => {
    const made = makeRun({ store, jobs, metrics, logger, timezone, leaseMs }, run, stopping.signal);
    const watched = made
      .catch((error: unknown) => {
        // Its row says that it runs: when the lease is over it is begun again.
        logger.warn({ err: error, schedule: run.schedule.id }, "the end of a scheduled run could not be noted");
      })
      .finally(() => underWay.delete(watched));
    underWay.add(watched);
    return made;
  };

  const timesOf = (schedule: Schedule) => {
    const by = `${schedule.cron} ${schedule.timezone ?? timezone}`;
    try {
      return { by, times: readCron(schedule.cron, schedule.timezone ?? timezone) };
    } catch (error) {
      const known = `${schedule.id} ${by}`;
      if (!unreadable.has(known)) logger.warn({ err: error, schedule: schedule.id }, "a schedule cannot be read");
      unreadable.add(known);
      return undefined;
    }
  };

  /** Plans a schedule, or begins its run if that is due: of several times that were missed the last. */
  const attend = async (schedule: PlannedSchedule): Promise<void> => {
    const read = timesOf(schedule);
    if (read === undefined || !schedule.enabled) return;
    const { times, by } = read;
    const at = now();
    const { nextRun } = schedule;
    if (nextRun === undefined || schedule.plannedBy !== by) {
      const next = times.next(at);
      if (next !== undefined || schedule.plannedBy !== by) await store.plan(schedule, next, by);
      return;
    }
    if (nextRun > at || schedule.running || underWay.size >= mostAtOnce) return;
    const last = times.last(at);
    const due = last !== undefined && last > nextRun ? last : nextRun;
    const run = await store.claim(schedule, due, times.next(at), leaseMs);
    if (run) void begin(run);
  };

  const round = async (): Promise<void> => {
    while (underWay.size < mostAtOnce && !stopping.signal.aborted) {
      const run = await store.claimCutOff(Object.keys(jobs), leaseMs);
      if (!run) break;
      void begin(run);
    }
    for (const schedule of await store.list()) {
      // A job that this version does not know is left to one that does.
      if (schedule.job in jobs && !stopping.signal.aborted) await attend(schedule);
    }
  };

  const lead = async (signal: AbortSignal): Promise<void> => {
    metrics.schedulerLeads.set(1);
    try {
      while (!signal.aborted) {
        await round().catch((error: unknown) =>
          logger.warn({ err: error }, "what is due cannot be looked up; it will be in a moment"),
        );
        await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    } finally {
      metrics.schedulerLeads.set(0);
    }
  };

  const find = async (scheduleId: string): Promise<PlannedSchedule> => {
    const found = (await store.list()).find(({ id }) => id === scheduleId);
    if (!found) throw new AppError("NOT_FOUND", "There is no such schedule.");
    return found;
  };
  const enable = async (scheduleId: string, enabled: boolean): Promise<void> => {
    if (!(await store.enable(scheduleId, enabled))) throw new AppError("NOT_FOUND", "There is no such schedule.");
  };

  return {
    list: () => store.list(),
    runs: (scheduleId, limit) => store.runs(scheduleId, limit),
    pause: (scheduleId) => enable(scheduleId, false),
    resume: (scheduleId) => enable(scheduleId, true),

    async runNow(scheduleId) {
      const schedule = await find(scheduleId);
      const run = await store.claimByHand(schedule, now(), leaseMs);
      if (!run) throw new AppError("CONFLICT", "This schedule is being run already.");
      const made = begin(run);
      const ended = made.then(async () => {
        const runs = await store.runs(scheduleId, 20);
        return runs.find(({ dueAt }) => dueAt.getTime() === run.dueAt.getTime())!;
      });
      ended.catch(() => undefined);
      return { dueAt: run.dueAt, ended };
    },

    async look() {
      await round();
      await Promise.all(underWay);
    },

    start() {
      leading ??= holdLeadership({ database, logger, signal: stopping.signal, lead, everyMs });
    },

    async stop() {
      stopping.abort();
      await leading;
      await Promise.all(underWay);
    },
  };
};
