import type { ThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database } from "../../platform/db/database.ts";
import { createJobRecords } from "./create-job-records.ts";
import { createJobs, type JobAdmission } from "./create-jobs.ts";
import { createTaskRecords } from "./create-task-records.ts";
import type { Say } from "./finish-job.ts";
import { createJobSeal } from "./job-seal.ts";
import type { JobRecords, Jobs, TaskRecords } from "./job-store.ts";

export interface JobStoreDeps {
  readonly database: Database;
  /** Seals what jobs of confidential conversations hold, with the conversation's key. */
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  readonly say: Say;
  /** Jobs of one principal that may be queued or run at once; default: as many as it likes. */
  readonly parallelJobs?: number;
  /** Language in which a conversation is told that a job gave nothing, from the job's input; default: English. */
  readonly localeOf?: (input: Readonly<Record<string, unknown>>) => string;
  /** IANA name: in which periods are meant where nobody said another one; default: UTC. */
  readonly timezone?: string;
  /** Told the id of a job of which there is something new to see, after the commit; must be cheap. */
  readonly onChange?: (jobId: string) => void;
}

export interface JobStore {
  readonly jobs: Jobs & JobAdmission;
  readonly records: JobRecords;
  readonly tasks: TaskRecords;
}

/** Jobs, what engines note of them, and what their tasks keep, in the main database. */
export const createJobStore = (deps: JobStoreDeps): JobStore => {
  const { database, cipher, say, localeOf = () => "en", timezone = "UTC" } = deps;
  const { parallelJobs = Number.POSITIVE_INFINITY, onChange = () => undefined } = deps;
  const seal = createJobSeal({ database, cipher });
  const tasks = createTaskRecords({ database, seal });
  return {
    jobs: createJobs({ database, seal, parallelJobs, onChange }),
    records: createJobRecords({ database, seal, records: tasks, say, localeOf, timezone, onChange }),
    tasks,
  };
};
