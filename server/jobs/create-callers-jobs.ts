import type { Timeline } from "../../atlas/timeline.ts";
import type { CallersJobs } from "../../tools/find-job.ts";
import type { JobDesk } from "../../workflows/jobs/job-desk.ts";

export interface CallersJobsDeps {
  /** Made after the tools, since crews call them. */
  readonly desk: () => Pick<JobDesk, "get" | "list" | "cancel">;
  readonly timeline: Pick<Timeline, "thread">;
}

/** Long jobs as tools see them. */
export const createCallersJobs = ({ desk, timeline }: CallersJobsDeps): CallersJobs => ({
  get: (...asked) => desk().get(...asked),
  list: (...asked) => desk().list(...asked),
  cancel: (...asked) => desk().cancel(...asked),
  conversation: (principal, threadId) =>
    timeline.thread(principal, threadId).then(
      ({ mode, scope }) => ({ mode, isPersonal: scope === "personal" }),
      () => ({ mode: "confidential" as const, isPersonal: false }),
    ),
});
