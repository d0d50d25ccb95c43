import type { Logger } from "pino";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { Jobs, ScheduleRun } from "./schedule.ts";
import type { ClaimedRun, RunEnd, ScheduleStore } from "./schedule-store.ts";

export interface MakeRunDeps {
  readonly store: Pick<ScheduleStore, "renew" | "end" | "giveBack">;
  readonly jobs: Jobs;
  readonly metrics: Pick<Metrics, "scheduleRuns" | "scheduleSeconds">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** The zone of schedules that name none. */
  readonly timezone: string;
  readonly leaseMs: number;
}

/** Deaths of processes under one run before it is given up: something in it kills them. */
const mostAttempts = 5;

/** What may be told of a failure: an AppError's sentence, of others the kind alone, because their texts may hold content. */
const reasonOf = (error: unknown): string =>
  isAppError(error) ? `${error.code}: ${error.message}` : error instanceof Error ? error.name : "unknown";

/** Makes a run that was claimed, and notes how it ended; `stopped`: it was given back, or another process has it now. */
export const makeRun = async (
  deps: MakeRunDeps,
  run: ClaimedRun,
  signal: AbortSignal,
): Promise<ScheduleRun["status"] | "stopped"> => {
  const { store, jobs, metrics, logger, timezone, leaseMs } = deps;
  const { schedule, dueAt } = run;
  const lost = new AbortController();
  const from = performance.now();
  let keptUntil = from + leaseMs;
  const keep = async (): Promise<void> => {
    const sent = performance.now();
    const ours = await store.renew(run, leaseMs).catch(() => performance.now() < keptUntil);
    if (!ours) lost.abort();
    else keptUntil = Math.max(keptUntil, sent + leaseMs);
  };
  const timer = setInterval(() => void keep(), leaseMs / 3);
  timer.unref();

  const work = async (): Promise<RunEnd> => {
    const job = jobs[schedule.job];
    if (job === undefined) return { status: "failed", error: `There is no job '${schedule.job}'.` };
    if (run.attempts > mostAttempts) {
      return { status: "failed", error: `The process died under it ${mostAttempts} times.` };
    }
    try {
      const result = await job({
        key: `${schedule.id}@${dueAt.toISOString()}`,
        dueAt,
        timezone: schedule.timezone ?? timezone,
        input: schedule.input,
        signal: AbortSignal.any([signal, lost.signal]),
      });
      return { status: "done", result };
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ err: error, schedule: schedule.id }, "a scheduled run failed");
      return { status: "failed", error: reasonOf(error) };
    }
  };

  try {
    const end = await work();
    if (lost.signal.aborted || !(await store.end(run, end))) return "stopped";
    metrics.scheduleRuns.inc({ schedule: schedule.id, outcome: end.status });
    metrics.scheduleSeconds.observe({ schedule: schedule.id }, (performance.now() - from) / 1_000);
    logger.info({ schedule: schedule.id, dueAt, status: end.status }, "a scheduled run ended");
    return end.status;
  } catch (error) {
    if (!signal.aborted) throw error;
    await store.giveBack(run).catch(() => undefined);
    return "stopped";
  } finally {
    clearInterval(timer);
  }
};
