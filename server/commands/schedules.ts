import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import type { Schedule, ScheduleRun } from "../../workflows/schedules/schedule.ts";
import { createScheduleStore } from "../../workflows/schedules/schedule-store.ts";
import { RunBegun, SchedulesReply } from "../routes/schedules.ts";
import { type ServerOnDatabase, serverOnDatabase } from "./server-on-database.ts";
import { withDatabase } from "./with-database.ts";

/** Between two looks at whether a run in the server is over. */
const lookMs = 500;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const time = (date: Date | undefined): string => date?.toISOString() ?? "-";
const seconds = ({ startedAt, endedAt }: ScheduleRun): string =>
  endedAt === undefined ? "" : ` in ${((endedAt.getTime() - startedAt.getTime()) / 1_000).toFixed(1)} s`;

const toRunText = (run: ScheduleRun): string => {
  const result = Object.entries(run.result ?? {}).map(([name, value]) => `${name} ${value}`);
  return `${run.status}${seconds(run)}${run.error === undefined ? "" : `: ${run.error}`}${result.length === 0 ? "" : ` (${result.join(", ")})`}`;
};
const toLine = ({ id, cron, timezone, enabled, nextRun }: Schedule, last: ScheduleRun | undefined): string =>
  [
    id,
    `${cron}${timezone === undefined ? "" : ` ${timezone}`}`,
    enabled ? `next ${time(nextRun)}` : "paused",
    last === undefined ? "never run" : `last ${time(last.dueAt)} ${toRunText(last)}`,
  ].join("  ");

interface Shown {
  readonly schedule: Schedule;
  readonly runs: readonly ScheduleRun[];
}

const date = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));

const fromServer = async (server: ServerOnDatabase): Promise<readonly Shown[]> => {
  const { schedules } = await server.get("/schedules", SchedulesReply);
  return schedules.map(({ id, cron, timezone, job, input, enabled, last_run, next_run, runs }) => ({
    schedule: {
      id,
      cron,
      timezone: timezone ?? undefined,
      job,
      input,
      enabled,
      lastRun: date(last_run),
      nextRun: date(next_run),
    },
    runs: runs.map(({ due_at, cause, status, attempts, started_at, ended_at, error, result }) => ({
      scheduleId: id,
      dueAt: new Date(due_at),
      cause,
      status,
      attempts,
      startedAt: new Date(started_at),
      endedAt: date(ended_at),
      error: error ?? undefined,
      result: result ?? undefined,
    })),
  }));
};

const fromDatabase = (): Promise<readonly Shown[]> =>
  withDatabase(async (database) => {
    const store = createScheduleStore(database);
    const all = (await store.list()).map(async ({ id, cron, timezone, job, input, enabled, lastRun, nextRun }) => ({
      schedule: { id, cron, timezone, job, input, enabled, lastRun, nextRun },
      runs: await store.runs(id, 1),
    }));
    return Promise.all(all);
  });

/** Shows what recurs, its next time and how its last run ended. @throws {AppError} see `serverOnDatabase` and `withDatabase` */
export const listSchedules = async ({ json }: { readonly json: boolean }): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  const all = (await (server ? fromServer(server) : fromDatabase())).map(({ schedule, runs }) => ({
    schedule,
    runs: runs.slice(0, 1),
  }));
  if (json) return print(JSON.stringify(all, null, 2));
  for (const { schedule, runs } of all) print(toLine(schedule, runs[0]));
};

/** Pauses a schedule, or lets it run again. @throws {AppError} NOT_FOUND; see `listSchedules` */
export const enableSchedule = async (id: string, enabled: boolean): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  if (server) {
    await server.post(`/schedules/${encodeURIComponent(id)}/${enabled ? "resume" : "pause"}`, {}, z.undefined());
  } else if (!(await withDatabase((database) => createScheduleStore(database).enable(id, enabled)))) {
    throw new AppError("NOT_FOUND", `There is no schedule '${id}'; 'athena schedules list' shows them.`);
  }
  print(enabled ? `${id} runs at its times again.` : `${id} is paused.`);
};

/** Runs a schedule in the server and waits for its end; a server that goes away meanwhile makes the run later, by itself. */
const runInServer = async (server: ServerOnDatabase, id: string): Promise<ScheduleRun> => {
  const begun = await server.post(`/schedules/${encodeURIComponent(id)}/run`, {}, RunBegun);
  const dueAt = new Date(begun.due_at).getTime();
  for (;;) {
    const shown = (await fromServer(server)).find(({ schedule }) => schedule.id === id);
    const run = shown?.runs.find((one) => one.dueAt.getTime() === dueAt);
    if (run === undefined) throw new AppError("NOT_FOUND", `The server does not show this run of '${id}' any more.`);
    if (run.status !== "running") return run;
    await delay(lookMs);
  }
};

const runHere = async (id: string): Promise<ScheduleRun> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: "error", secrets: secretValues(settings), to: 2 });
  const { compose } = await import("../compose.ts");
  const engine = await compose(settings, logger);
  try {
    const { ended } = await engine.deps.schedules.runNow(id);
    return await ended;
  } finally {
    await engine.close();
  }
};

/**
 * Runs a schedule and waits for its end: in the server that holds the database, else in this process.
 * @throws {AppError} NOT_FOUND; CONFLICT while it runs; see `serverOnDatabase` and `compose`
 */
export const runSchedule = async (id: string): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  const run = await (server ? runInServer(server, id) : runHere(id));
  print(`${id} ${toRunText(run)}.`);
  if (run.status !== "done") process.exitCode = 1;
};
