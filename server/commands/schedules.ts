import { secretValues } from "../../platform/config/secret-values.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import type { Schedule, ScheduleRun } from "../../workflows/schedules/schedule.ts";
import { createScheduleStore } from "../../workflows/schedules/schedule-store.ts";
import { withDatabase } from "./with-database.ts";

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

/** Shows what recurs, its next time and how its last run ended. @throws {AppError} see `withDatabase` */
export const listSchedules = ({ json }: { readonly json: boolean }): Promise<void> =>
  withDatabase(async (database) => {
    const store = createScheduleStore(database);
    const all = await Promise.all(
      (await store.list()).map(async (schedule) => ({ schedule, runs: await store.runs(schedule.id, 1) })),
    );
    if (json) return print(JSON.stringify(all, null, 2));
    for (const { schedule, runs } of all) print(toLine(schedule, runs[0]));
  });

/** Pauses a schedule, or lets it run again. @throws {AppError} NOT_FOUND; see `withDatabase` */
export const enableSchedule = (id: string, enabled: boolean): Promise<void> =>
  withDatabase(async (database) => {
    if (!(await createScheduleStore(database).enable(id, enabled))) {
      throw new AppError("NOT_FOUND", `There is no schedule '${id}'; 'athena schedules list' shows them.`);
    }
    print(enabled ? `${id} runs at its times again.` : `${id} is paused.`);
  });

/** Runs a schedule in this process and waits for its end. @throws {AppError} NOT_FOUND; CONFLICT while it runs; see `compose` */
export const runSchedule = async (id: string): Promise<void> => {
  const settings = settingsFromEnvironment();
  const logger = createLogger({ level: "error", secrets: secretValues(settings), to: 2 });
  const { compose } = await import("../compose.ts");
  const engine = await compose(settings, logger);
  try {
    const { ended } = await engine.deps.schedules.runNow(id);
    const run = await ended;
    print(`${id} ${toRunText(run)}.`);
    if (run.status !== "done") process.exitCode = 1;
  } finally {
    await engine.close();
  }
};
