import type { Logger } from "pino";
import type { Follower } from "../atlas/follow/follower.ts";
import { createWriteSummary } from "../atlas/summaries/write-summary.ts";
import type { Vectors } from "../atlas/vectors/create-vectors.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import { createScheduler, type Scheduler } from "../workflows/schedules/create-scheduler.ts";
import type { PermitFor } from "./create-permit-for.ts";
import { createScheduledJobs } from "./scheduled-jobs.ts";
import type { StopList } from "./stop-list.ts";

export interface ComposeSchedulesDeps {
  readonly settings: Settings;
  readonly database: Database;
  readonly followers: readonly Follower[];
  readonly vectors: Vectors;
  readonly models: ModelGateway;
  readonly permitFor: PermitFor;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

/** Nobody waits for a summary that is made at night. */
const summaryMs = 60_000;
const dayMs = 86_400_000;

/** What recurs, with the jobs it runs; a serving process starts it. */
export const composeSchedules = (deps: ComposeSchedulesDeps): Scheduler => {
  const { settings, database, followers, vectors, models, permitFor, metrics, logger, stopList } = deps;
  const rule = settings.ATHENA_PLAINTEXT_INDEX;
  const model = settings.ATHENA_THREAD_SUMMARY_MODEL;
  const writer = model && {
    model,
    // Open threads alone are summed up.
    write: createWriteSummary({ models, model, permit: () => permitFor("open", false), timeoutMs: summaryMs }),
  };
  const schedules = createScheduler({
    database,
    jobs: createScheduledJobs({
      database,
      followers,
      vectors,
      summaries: { rule, ...(writer ? { writer } : {}) },
      retention: {
        retentionMs: settings.ATHENA_JOBS_RETENTION_DAYS * dayMs,
        isEmbedded: settings.TEMPORAL_ADDRESS === undefined,
      },
      metrics,
    }),
    metrics,
    logger,
    timezone: settings.ATHENA_TIMEZONE,
  });
  stopList.add("schedules", () => schedules.stop());
  return schedules;
};
