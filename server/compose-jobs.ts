import type { Logger } from "pino";
import type { MasterKey } from "../atlas/master-key.ts";
import type { ThreadChanges } from "../atlas/thread-changes.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import type { Timeline } from "../atlas/timeline.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { PoolDatabase } from "../platform/db/pool-database.ts";
import type { Broadcast } from "../platform/events/broadcast.ts";
import type { EventBus } from "../platform/events/event-bus.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { CrewsInForce } from "../workflows/crews/crews-in-force.ts";
import { createJobDesk } from "../workflows/jobs/create-job-desk.ts";
import { createJobStore } from "../workflows/jobs/create-job-store.ts";
import type { TaskWork } from "../workflows/jobs/do-task.ts";
import { createEmbeddedEngine } from "../workflows/jobs/embedded/create-embedded-engine.ts";
import type { JobDesk } from "../workflows/jobs/job-desk.ts";
import type { JobEngine } from "../workflows/jobs/job-engine.ts";
import type { JobRecords } from "../workflows/jobs/job-store.ts";
import { jobsBytes } from "../workflows/jobs/sweep-jobs.ts";
import type { TemporalEngine } from "../workflows/jobs/temporal/create-temporal-engine.ts";
import { localeOf } from "../workflows/task-work/read-context.ts";
import { parseApiKeys } from "./api-keys.ts";
import { type ComposeCrewsDeps, composeCrews } from "./crews/compose-crews.ts";
import { createRolesOf } from "./crews/roles-of.ts";
import { consumeJobRequests } from "./jobs/consume-job-requests.ts";
import { createOpenJobThread } from "./jobs/open-job-thread.ts";
import { createSayInThread } from "./jobs/say-in-thread.ts";
import type { StopList } from "./stop-list.ts";
import { openTemporalEngine, openTemporalWorker } from "./worker/open-temporal.ts";
import { withOwnWorker } from "./worker/with-own-worker.ts";

export interface ComposeJobsDeps extends Omit<ComposeCrewsDeps, "records" | "rolesOf"> {
  readonly settings: Settings;
  readonly database: PoolDatabase;
  readonly masterKey: MasterKey;
  readonly timeline: Timeline;
  readonly threadChanges: ThreadChanges;
  readonly broadcast: Broadcast;
  readonly bus: Pick<EventBus, "consume">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

export interface ComposedJobs {
  readonly desk: JobDesk;
  readonly records: JobRecords;
  readonly work: TaskWork;
  readonly crews: CrewsInForce;
  /** Where jobs run on Temporal. */
  readonly temporal: TemporalEngine | undefined;
  /** Takes up what is unfinished, and hears requests; a process that does not serve runs only what it is asked for. */
  start(): Promise<void>;
}

const topicOf = (jobId: string): string => `job-${jobId}`;

/** Long jobs: what keeps them, does their tasks and runs them, on Temporal where it is set. @throws {AppError} CONFIG_INVALID */
export const composeJobs = async (deps: ComposeJobsDeps): Promise<ComposedJobs> => {
  const { settings, database, masterKey, timeline, threadChanges, broadcast, bus, metrics, logger, stopList } = deps;
  const { jobs, records, tasks } = createJobStore({
    database,
    cipher: createThreadCipher({ masterKey }),
    say: createSayInThread({ timeline, threadChanges }),
    localeOf: (input) => localeOf(input, settings.ATHENA_LOCALE),
    timezone: settings.ATHENA_TIMEZONE,
    parallelJobs: settings.ATHENA_JOBS_PARALLEL,
    onChange: (id) => broadcast.publish(topicOf(id), {}),
  });
  const rolesOf = createRolesOf(parseApiKeys(settings.ATHENA_API_KEYS));
  const { crews, work, checkCrew } = composeCrews({ ...deps, records: tasks, rolesOf });
  const openTemporal = async (): Promise<TemporalEngine> => {
    const parts = { settings, masterKey, records, logger };
    const begun = await openTemporalEngine(parts);
    if (settings.DATABASE_URL !== undefined) return begun;
    return withOwnWorker(begun, () => openTemporalWorker({ ...parts, work, metrics }), logger);
  };
  const temporal = settings.TEMPORAL_ADDRESS === undefined ? undefined : await openTemporal();
  const engine: JobEngine =
    temporal ??
    createEmbeddedEngine({ records, work, database, logger, metrics, atOnce: settings.ATHENA_JOBS_AT_ONCE });
  stopList.add("long jobs", () => engine.stop());
  const desk = createJobDesk({
    jobs,
    engine,
    crews: () => crews.list(),
    checkCrew,
    bounds: { tokens: settings.ATHENA_JOB_TOKENS, wallSeconds: settings.ATHENA_JOB_SECONDS },
    openThread: createOpenJobThread(timeline),
    watch: (id, hear) => broadcast.subscribe(topicOf(id), hear),
    logger,
  });
  return {
    desk,
    records,
    work,
    crews,
    temporal,
    async start() {
      engine.start();
      await jobsBytes(database).then(
        (bytes) => metrics.jobsBytes.set(bytes),
        () => undefined, // the retention measures anew
      );
      const consumer = await consumeJobRequests({ bus, desk, rolesOf });
      stopList.add("requests for long jobs", () => consumer.stop());
    },
  };
};
