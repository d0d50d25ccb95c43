import { endStatuses } from "../../workflows/jobs/job.ts";
import { type JobsToShow, type Said, withJobs } from "./job-access.ts";
import { toEndText, toJobLine, toQuestionText, toShortKey } from "./job-text.ts";

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const later = "It goes on when the server runs.";

/** Shows one's long jobs, newest first. @throws {AppError} see `withJobs` */
export const listJobs = ({ json, ...ask }: JobsToShow & { readonly json: boolean }): Promise<void> =>
  withJobs(async (access) => {
    const jobs = await access.list(ask);
    if (json) return print(JSON.stringify(jobs, null, 2));
    for (const job of jobs) print(toJobLine(job));
    if (jobs.length === 0) print(ask.status === undefined ? "There are no jobs." : `No jobs are ${ask.status}.`);
  });

/** Shows one: how far it is and what it waits for, or what came of it. @throws {AppError} NOT_FOUND; see `withJobs` */
export const showJob = (id: string, { json }: { readonly json: boolean }): Promise<void> =>
  withJobs(async (access) => {
    const job = await access.show(id);
    if (json) return print(JSON.stringify(job, null, 2));
    print(toJobLine(job));
    if (job.question) print(`\n${toQuestionText(id, job.question)}`);
    if (endStatuses.has(job.status)) print(`\n${toEndText(job)}`);
  });

/** Answers what a job waits for. @throws {AppError} NOT_FOUND, CONFLICT; see `withJobs` */
export const decideJob = (
  id: string,
  decision: "approve" | "repeat" | "reject",
  { key, ...said }: Said,
): Promise<void> =>
  withJobs(async (access) => {
    const whole = key === undefined ? {} : { key: `${id}/${toShortKey(id, key)}` };
    print(toJobLine(await access.decide(id, decision, { ...said, ...whole })));
    if (!access.isServed) print(later);
  });

/** Has a job stop. @throws {AppError} NOT_FOUND; see `withJobs` */
export const cancelJob = (id: string): Promise<void> =>
  withJobs(async (access) => {
    const job = await access.cancel(id);
    print(toJobLine(job));
    if (!endStatuses.has(job.status)) print(access.isServed ? "It stops." : later.replace("goes on", "stops"));
  });
