import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { loadRegistry } from "../../platform/config/registry-repository.ts";
import { type Settings, settingsFromEnvironment } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createJobStore } from "../../workflows/jobs/create-job-store.ts";
import type { Job, JobStatus } from "../../workflows/jobs/job.ts";
import type { Jobs } from "../../workflows/jobs/job-store.ts";
import { type JobEntryReply, JobReply, JobsReply, toJobEntryReply, toJobReply } from "../jobs/job-replies.ts";
import { createSayInThread } from "../jobs/say-in-thread.ts";
import { commandPrincipal, serverAsPerson } from "./command-principal.ts";
import { runningServer } from "./running-server.ts";
import type { ServerOnDatabase } from "./server-on-database.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

export interface JobsToShow {
  readonly status?: JobStatus;
  readonly limit: number;
}

export interface Said {
  readonly reason?: string;
  readonly key?: string;
}

/** Long jobs of whose key the settings hold. All of them @throws {AppError} NOT_FOUND, CONFLICT; see `withJobs` */
export interface JobAccess {
  /** Where what is stored is acted upon at once. */
  readonly isServed: boolean;
  list(ask: JobsToShow): Promise<readonly JobEntryReply[]>;
  show(id: string): Promise<JobReply>;
  decide(id: string, decision: "approve" | "repeat" | "reject", said: Said): Promise<JobReply>;
  cancel(id: string): Promise<JobReply>;
}

const fromServer = (server: ServerOnDatabase): JobAccess => {
  const path = (id: string, action = "") => `/v1/jobs/${encodeURIComponent(id)}${action}`;
  return {
    isServed: true,
    async list({ status, limit }) {
      return (await server.get(`/v1/jobs?limit=${limit}${status === undefined ? "" : `&status=${status}`}`, JobsReply))
        .jobs;
    },
    show: (id) => server.get(path(id), JobReply),
    decide: (id, decision, said) => server.post(path(id, `/${decision}`), said, JobReply),
    cancel: (id) => server.post(path(id, "/cancel"), {}, JobReply),
  };
};

const found = (job: Job | undefined): JobReply => {
  if (!job) throw new AppError("NOT_FOUND", "There is no such job; 'athena jobs list' shows yours.");
  return toJobReply(job);
};

const fromDatabase = (jobs: Jobs, principal: string): JobAccess => ({
  isServed: false,
  list: async (ask) => (await jobs.list(principal, ask)).map(toJobEntryReply),
  show: async (id) => found(await jobs.get(principal, id)),
  decide: async (id, decision, { reason, key }) =>
    found(
      await jobs.decide(principal, id, { decision, by: principal, ...(reason === undefined ? {} : { reason }) }, key),
    ),
  cancel: async (id) => found(await jobs.cancel(principal, id)),
});

const onDatabase = <Result>(settings: Settings, work: (access: JobAccess) => Promise<Result>): Promise<Result> =>
  withRegistryDatabase(async (database) => {
    const { clientProfiles } = await loadRegistry(database);
    const masterKey = await loadMasterKey({
      ATHENA_MASTER_KEY: settings.ATHENA_MASTER_KEY,
      dataDir: settings.ATHENA_DATA_DIR,
    });
    const cipher = createThreadCipher({ masterKey });
    const timeline = createTimeline({ database, cipher });
    const say = createSayInThread({ timeline, threadChanges: createThreadChanges({ database, cipher }) });
    const { jobs } = createJobStore({ database, cipher, say });
    return work(fromDatabase(jobs, commandPrincipal(settings, clientProfiles).id));
  });

/**
 * Does `work` on the long jobs of the settings: through the server that runs at their address, else on their database.
 * @throws {AppError} see `serverAsPerson` and `withRegistryDatabase`; what `work` throws
 */
export const withJobs = async <Result>(work: (access: JobAccess) => Promise<Result>): Promise<Result> => {
  const settings = settingsFromEnvironment();
  const url = await runningServer(settings);
  return url === undefined ? onDatabase(settings, work) : work(fromServer(await serverAsPerson(url, settings)));
};
