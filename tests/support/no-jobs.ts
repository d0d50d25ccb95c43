import { AppError } from "../../platform/errors/app-error.ts";
import type { JobDesk } from "../../workflows/jobs/job-desk.ts";

/** Has no crews and no jobs: for edges whose tests are about other routes. */
export const createNoJobs = (): JobDesk => ({
  async start() {
    throw new AppError("INVALID_INPUT", "There is no such crew; there is none.", { field: "crew" });
  },
  isBegun: async () => false,
  get: async () => undefined,
  list: async () => [],
  events: async () => undefined,
  decide: async () => undefined,
  cancel: async () => undefined,
  begin: async () => false,
  watch: () => () => undefined,
});
