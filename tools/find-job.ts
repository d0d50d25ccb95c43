import type { Mode } from "../platform/egress/egress-class.ts";
import type { JobEntry } from "../workflows/jobs/job.ts";
import type { JobDesk } from "../workflows/jobs/job-desk.ts";
import type { ToolContext } from "./tool.ts";

/** Narrow view of the caller's long jobs. */
export interface CallersJobs extends Pick<JobDesk, "get" | "list" | "cancel"> {
  /** Of a conversation of the caller's; confidential and not personal where it cannot be seen (any more). */
  conversation(
    principal: ToolContext["principal"],
    threadId: string,
  ): Promise<{ readonly mode: Mode; readonly isPersonal: boolean }>;
}

export interface WhichJob {
  readonly job?: string | undefined;
  readonly crew?: string | undefined;
}

/** Of so many jobs, the newest ones, one is looked for. */
const mostJobs = 50;

/** What a crew's work is also called: research ends as a report. */
const alsoCalled: Readonly<Record<string, string>> = { "deep-research": "report" };

type Asks = Pick<ToolContext, "principal" | "threadId">;

const newest = async (
  jobs: Pick<CallersJobs, "get" | "list">,
  { job }: WhichJob,
  { principal }: Asks,
): Promise<readonly JobEntry[]> => {
  if (job === undefined) return jobs.list(principal.id, { limit: mostJobs });
  const found = await jobs.get(principal.id, job);
  return found ? [found] : [];
};

/**
 * The jobs that a caller may mean, where none must be taken for another: the one of that id; else those of the crew that is
 * named; else those of this conversation; else all. Newest first among themselves.
 */
export const findJobs = async (
  jobs: Pick<CallersJobs, "get" | "list">,
  which: WhichJob,
  asks: Asks,
): Promise<readonly JobEntry[]> => {
  const all = await newest(jobs, which, asks);
  if (which.job !== undefined) return all;
  const named = all.filter(({ crew }) => crew === which.crew);
  if (named.length > 0) return named;
  const here = all.filter(({ threadId }) => threadId === asks.threadId);
  return here.length > 0 ? here : all;
};

/**
 * The job that a caller asks about: the one of that id; else of this conversation, such as is named, one that has not ended before
 * those that have; else the newest such as is named; else this conversation's, else the newest.
 */
export const findJob = async (
  jobs: Pick<CallersJobs, "get" | "list">,
  which: WhichJob,
  asks: Asks,
): Promise<JobEntry | undefined> => {
  const all = await newest(jobs, which, asks);
  if (which.job !== undefined) return all[0];
  const { crew: name } = which;
  const named = all.filter(({ crew }) => name === undefined || crew === name || alsoCalled[crew] === name);
  const hereOf = (some: readonly JobEntry[]): JobEntry | undefined => {
    const here = some.filter(({ threadId }) => threadId === asks.threadId);
    return here.find(({ endedAt }) => endedAt === undefined) ?? here[0];
  };
  return hereOf(named) ?? named[0] ?? hereOf(all) ?? all[0];
};

/** Whether what a job holds of people's words may be said in a conversation: in its own, of an open one, and to its owner alone. */
export const maySay = async (
  jobs: Pick<CallersJobs, "conversation">,
  { threadId }: JobEntry,
  { principal, threadId: here }: Asks,
): Promise<boolean> => {
  if (threadId === here) return true;
  if ((await jobs.conversation(principal, threadId)).mode === "open") return true;
  const { mode, isPersonal } = await jobs.conversation(principal, here);
  return mode === "confidential" && isPersonal;
};
