import { isAppError } from "../../platform/errors/app-error.ts";
import type { ApprovalQuestion, TaskOutput } from "../crews/steps.ts";
import type { Job, JobEntry, JobStatus } from "./job.ts";
import type { JobSeal } from "./job-seal.ts";

/** How a job ends, as it is kept: what it gave, or why it gave nothing. */
export type Ending = { readonly result: TaskOutput } | { readonly message: string };

export interface JobRow {
  readonly id: string;
  readonly crew_id: string;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
  readonly status: JobStatus;
  readonly tasks: number;
  readonly tasks_begun: readonly string[];
  readonly tasks_done: readonly string[];
  /** Of which somebody is asked. */
  readonly tasks_waiting: readonly string[];
  readonly error_code: string | null;
  readonly error_task: string | null;
  readonly ending: Ending | null;
  readonly ending_sealed: Uint8Array | null;
  readonly tokens: string | number;
  readonly cost: number;
  readonly created_at: Date | string;
  readonly ended_at: Date | string | null;
  readonly question_key: string | null;
  readonly question: ApprovalQuestion | null;
  readonly question_sealed: Uint8Array | null;
  readonly asked_at: Date | string | null;
}

const select = (content: string): string =>
  `select j.id, j.crew_id, j.thread_id, t.wrapped_key, j.status, j.tasks, j.tasks_begun, j.tasks_done,
    j.error_code, j.error_task, j.tokens, j.cost, j.created_at, j.ended_at,
    array(select task from job_questions where job_id = j.id and decision is null) as tasks_waiting,
    q.key as question_key, q.asked_at, ${content}
  from jobs j join threads t on t.id = j.thread_id
  left join lateral (
    select q.* from job_questions q
    where q.job_id = j.id and q.decision is null and j.outcome is null order by q.asked_at, q.key limit 1
  ) q on true`;

/** Jobs `j` with what their owners see; a condition on `j` follows. */
export const selectJobs = select("j.ending, j.ending_sealed, q.question, q.question_sealed");

/** The same for lists: results and questions, which may be large, stay where they are. */
export const selectEntries = select(
  `case when j.outcome <> 'completed' then j.ending end as ending,
    case when j.outcome <> 'completed' then j.ending_sealed end as ending_sealed,
    null as question, null as question_sealed, q.about, q.task,
    j.status = 'completed' and (j.ending is not null or j.ending_sealed is not null) as has_result`,
);

export interface EntryRow extends JobRow {
  readonly about: ApprovalQuestion["about"] | null;
  readonly task: string | null;
  readonly has_result: boolean;
}

const iso = (time: Date | string): string => new Date(time).toISOString();

/** Places inside a job in which what is sealed opens. */
export const fields = {
  crew: "crew",
  input: "input",
  ending: "ending",
  event: (id: string) => `event ${id}`,
  question: (key: string) => `question ${key}`,
  reason: (key: string) => `reason ${key}`,
  result: (key: string) => `result ${key}`,
  call: (key: string) => `call ${key}`,
  callResult: (key: string) => `call result ${key}`,
} as const;

const erased = "What this job said was erased with its conversation.";

export const toJob = (seal: Pick<JobSeal, "open">, row: JobRow): Job => {
  const key = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
  const ending =
    row.ended_at === null ? undefined : seal.open(key, row.id, fields.ending, row.ending, row.ending_sealed);
  const question =
    row.question_key === null
      ? undefined
      : seal.open(key, row.id, fields.question(row.question_key), row.question, row.question_sealed);
  const done = new Set(row.tasks_done);
  const still = new Set([...row.tasks_done, ...row.tasks_waiting]);
  return {
    id: row.id,
    crew: row.crew_id,
    status: row.status,
    progress: {
      done: done.size,
      total: row.tasks,
      running: row.ended_at === null ? row.tasks_begun.filter((task) => !still.has(task)) : [],
    },
    ...(ending !== undefined && "result" in ending ? { result: ending.result } : {}),
    ...(row.status === "cancelled" && ending !== undefined && "message" in ending
      ? { error: { code: "CANCELLED", message: ending.message } }
      : {}),
    ...(row.status === "failed"
      ? {
          error: {
            code: row.error_code ?? "INTERNAL",
            message: ending !== undefined && "message" in ending ? ending.message : erased,
            ...(row.error_task === null ? {} : { task: row.error_task }),
          },
        }
      : {}),
    ...(question === undefined || row.question_key === null || row.asked_at === null
      ? {}
      : { question: { key: row.question_key, question, askedAt: iso(row.asked_at) } }),
    usage: { tokens: Number(row.tokens), cost: row.cost },
    threadId: row.thread_id,
    createdAt: iso(row.created_at),
    ...(row.ended_at === null ? {} : { endedAt: iso(row.ended_at) }),
  };
};

export const toEntry = (seal: Pick<JobSeal, "open">, row: EntryRow): JobEntry => {
  const { result: _, question: __, ...job } = toJob(seal, row);
  const { question_key: key, about, task, asked_at: askedAt } = row;
  return {
    ...job,
    hasResult: row.has_result,
    ...(key === null || about === null || task === null || askedAt === null
      ? {}
      : { question: { key, question: { about, task }, askedAt: iso(askedAt) } }),
  };
};

const pattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be a job's id; another one names nothing. */
export const isJobId = (text: string): boolean => pattern.test(text);

/** That a conversation takes no message any more, from who asks. */
export const isClosed = (error: unknown): boolean =>
  isAppError(error, "NOT_FOUND") || isAppError(error, "CONFLICT") || isAppError(error, "POLICY_DENIED");
