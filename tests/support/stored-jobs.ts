import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { createJobStore, type JobStore } from "../../workflows/jobs/create-job-store.ts";
import type { JobsUnderTest } from "./memory-jobs.ts";

const principalOf = (id: string): Principal => ({ id, roles: ["user"], profile: "openai" });

export interface StoredJobs extends JobsUnderTest, Pick<JobStore, "tasks"> {
  /** Has a conversation become confidential. */
  makeConfidential(principal: string, threadId: string): Promise<void>;
}

/** Jobs in a migrated database; an engine is shown only those that were made through this one. */
export const storedJobs = async (database: Database): Promise<StoredJobs> => {
  const masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  const cipher = createThreadCipher({ masterKey });
  const timeline = createTimeline({ database, cipher });
  const threadChanges = createThreadChanges({ database, cipher });
  const say = createSayInThread({ timeline, threadChanges });
  const { jobs, records, tasks } = createJobStore({ database, cipher, say });
  const made = new Set<string>();
  return {
    tasks,
    jobs: {
      ...jobs,
      async create(job) {
        const created = await jobs.create(job);
        made.add(created.job.id);
        return created;
      },
    },
    records: {
      ...records,
      async unfinished(ask) {
        const page = await records.unfinished({ ...ask, limit: 1_000 });
        return page.filter(({ id }) => made.has(id)).slice(0, ask.limit);
      },
      async due(ask) {
        const page = await records.due({ ...ask, limit: 1_000 });
        return page.filter(({ id }) => made.has(id)).slice(0, ask.limit);
      },
      async untold(ask) {
        const page = await records.untold({ ...ask, limit: 1_000 });
        return page.filter(({ id }) => made.has(id)).slice(0, ask.limit);
      },
    },
    newThread: async (principal) =>
      (await threadChanges.create({ principal: principalOf(principal), mode: "open" })).id,
    async makeConfidential(principal, threadId) {
      await timeline.open({ principal: principalOf(principal), threadId, mode: "confidential", messages: [] });
    },
    async erase(principal, threadId) {
      await timeline.open({ principal: principalOf(principal), threadId, mode: "confidential", messages: [] });
      await createShredThreads({ database, audit: createAudit({ database }), actor: "test" }).thread(threadId);
    },
    async saidIn(principal, threadId) {
      const { messages } = await timeline.messages(principalOf(principal), threadId, { after: 0, limit: 100 });
      return messages.map(({ content }) => content);
    },
  };
};
