import { Cron } from "croner";
import { AppError } from "../../platform/errors/app-error.ts";

/**
 * The times of a cron expression in a time zone. Across changes of the clock what is daily stays daily: a time that is left
 * out comes right after the gap, one that there is twice comes once; what comes every few minutes goes on.
 */
export interface CronTimes {
  /** The first one after a moment; undefined when there is none any more. */
  next(after: Date): Date | undefined;
  /** The last one up to a moment, that moment included. */
  last(upTo: Date): Date | undefined;
}

const secondMs = 1_000;

/** Reads five fields (`*\/5 * * * *`). @throws {AppError} INVALID_INPUT when they, or the zone, cannot be read. */
export const readCron = (cron: string, timezone: string): CronTimes => {
  // The library also takes single dates, seconds and years.
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new AppError("INVALID_INPUT", `'${cron}' is no cron expression: it has five fields.`, { field: "cron" });
  }
  try {
    const times = new Cron(cron, { timezone, mode: "5-part" });
    times.nextRun(); // an unknown zone is refused by the first look only
    return {
      next: (after) => times.nextRun(after) ?? undefined,
      last: (upTo) => times.previousRuns(1, new Date((Math.floor(upTo.getTime() / secondMs) + 1) * secondMs))[0],
    };
  } catch (cause) {
    throw new AppError("INVALID_INPUT", `'${cron}' cannot be read as times in the zone '${timezone}'.`, {
      field: "cron",
      cause,
    });
  }
};
