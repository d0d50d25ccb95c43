import { AppError } from "../../platform/errors/app-error.ts";
import type { Scheduler } from "../../workflows/schedules/create-scheduler.ts";

const missing = async (): Promise<never> => {
  throw new AppError("NOT_FOUND", "There is no such schedule.");
};

/** Has no schedules: for edges whose tests are about other routes. */
export const createNoSchedules = (): Scheduler => ({
  list: async () => [],
  runs: async () => [],
  pause: missing,
  resume: missing,
  runNow: missing,
  look: async () => undefined,
  start: () => undefined,
  stop: async () => undefined,
});
