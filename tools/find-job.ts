import type { Mode } from "../platform/egress/egress-class.ts";
import type { JobEntry } from "../workflows/jobs/job.ts";
import type { JobDesk } from "../workflows/jobs/job-desk.ts";
import type { ToolContext } from "./tool.ts";

/** Narrow view of the caller's long jobs. */
export interface CallersJobs extends Pick<JobDesk, "get" | "list" | "cancel"> {
  /** Of a conversation of the caller's; confidential where it cannot be seen (any more). */
  threadMode(principal: ToolContext["principal"], threadId: string): Promise<Mode>;
}

export interface WhichJob {
  readonly job?: string | undefined;
  readonly crew?: string | undefined;
}

/** Of so many jobs, the newest ones, one is looked for. */
const mostJobs = 50;

type Asks = Pick<ToolContext, "principal" | "threadId">;

/**
 * The jobs that a caller may mean, likeliest first: the one of that id; else those of the crew that is named; else those of this
 * conversation; else all. Newest first among themselves.
 */
export const findJobs = async (
  jobs: Pick<CallersJobs, "get" | "list">,
  { job, crew }: WhichJob,
  { principal, threadId }: Asks,
): Promise<readonly JobEntry[]> => {
  if (job !== undefined) {
    const found = await jobs.get(principal.id, job);
    return found ? [found] : [];
  }
  const all = await jobs.list(principal.id, { limit: mostJobs });
  const named = crew === undefined ? [] : all.filter((each) => each.crew === crew);
  if (named.length > 0) return named;
  const here = all.filter((each) => each.threadId === threadId);
  return here.length > 0 ? here : all;
};

/** Whether what a job holds of people's words may be said in a conversation. */
export const maySay = async (
  jobs: Pick<CallersJobs, "threadMode">,
  { threadId }: JobEntry,
  asks: Asks,
): Promise<boolean> => threadId === asks.threadId || (await jobs.threadMode(asks.principal, threadId)) === "open";
