import type { JobWork } from "../../workflows/jobs/job.ts";

export interface SaidInThread {
  readonly threadId: string;
  readonly role: string;
  readonly content: string;
}

/** Shorter subjects stand in statements too. */
const shortestSubject = 20;
/** Characters around what a job is about in a message that asks for it: "please research … for me". */
const longestFrame = 60;

/** Whether a message of the job's own conversation only asked for the job, or only told that it has begun. */
export const isAboutJob = (
  { threadId, role, content }: SaidInThread,
  job: Pick<JobWork, "id" | "threadId" | "input">,
): boolean => {
  if (threadId !== job.threadId) return false;
  if (role === "assistant") return content.includes(job.id);
  if (role !== "user") return false;
  const said = content.toLowerCase();
  return Object.values(job.input).some(
    (value) =>
      typeof value === "string" &&
      value.length > shortestSubject &&
      content.length <= value.length + longestFrame &&
      said.includes(value.toLowerCase()),
  );
};
