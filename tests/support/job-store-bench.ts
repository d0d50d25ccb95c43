import { randomUUID } from "node:crypto";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { createJobStore, type JobStoreDeps } from "../../workflows/jobs/create-job-store.ts";
import type { NewJob } from "../../workflows/jobs/job-store.ts";
import { sampleCrew } from "./sample-crew.ts";
import { somebody } from "./timeline-samples.ts";

/** What tests of stored jobs do again and again, on whatever database. */
export const jobStoreBench = (databaseOf: () => Database, masterKeyOf: () => MasterKey) => {
  const partsOf = (options: Partial<JobStoreDeps> = {}) => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const threadChanges = createThreadChanges({ database, cipher });
    const say = createSayInThread({ timeline, threadChanges });
    return { database, timeline, threadChanges, say, ...createJobStore({ database, cipher, say, ...options }) };
  };
  type Parts = ReturnType<typeof partsOf>;

  const newJob = async (
    { threadChanges }: Parts,
    principal: Principal,
    change: Partial<NewJob> = {},
  ): Promise<NewJob> => {
    const mode = change.mode ?? "open";
    const threadId = change.threadId ?? (await threadChanges.create({ principal, mode })).id;
    return {
      id: randomUUID(),
      crew: sampleCrew(),
      input: { question: "Why?" },
      principal: { id: principal.id, roles: principal.roles },
      threadId,
      mode,
      ...change,
    };
  };
  const begin = async (parts: Parts, change: Partial<NewJob> = {}) => {
    const principal = somebody();
    const { job } = await parts.jobs.create(await newJob(parts, principal, change));
    return { principal, job, id: job.id };
  };
  const outboxOf = (id: string) =>
    databaseOf().query<{ event_type: string; payload: Record<string, unknown> }>(
      "select event_type, payload from outbox where aggregate_type = 'job' and aggregate_id = $1 order by sequence",
      [id],
    );
  const saidIn = async ({ timeline }: Parts, principal: Principal, threadId: string) =>
    (await timeline.messages(principal, threadId, { after: 0, limit: 100 })).messages;

  return { databaseOf, partsOf, newJob, begin, outboxOf, saidIn };
};

export type JobStoreBench = ReturnType<typeof jobStoreBench>;
