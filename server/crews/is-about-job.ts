import type { JobWork } from "../../workflows/jobs/job.ts";

export interface SaidInThread {
  readonly threadId: string;
  readonly role: string;
  readonly content: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Shorter subjects stand in statements too. */
const shortestSubject = 20;
/** Codes of languages are no subjects. */
const shortestWord = 2;
/** Characters around what a job is about in a message that asks for it: "please research … for me". */
const longestFrame = 60;
/** Milliseconds between what asks for a job and the job. */
const longestTaking = 30_000;

const linkToJob = /\/v1\/jobs\/[0-9a-f-]{36}/;

/**
 * Whether a message of the job's own conversation only asked for the job, or one of any conversation only tells of a job. What was said just before
 * the job and names its subject asked for it, however short that is.
 */
export const isAboutJob = (
  { threadId, role, content, createdAt }: SaidInThread,
  job: Pick<JobWork, "id" | "threadId" | "input" | "askedAt">,
): boolean => {
  // In any conversation: the sentences that tell of a job link it.
  if (role === "assistant" && linkToJob.test(content)) return true;
  if (threadId !== job.threadId) return false;
  if (role === "assistant") return content.includes(job.id);
  if (role !== "user") return false;
  const said = content.toLowerCase();
  const takenMs = Date.parse(job.askedAt) - Date.parse(createdAt);
  const isJustBefore = takenMs >= 0 && takenMs <= longestTaking;
  return Object.values(job.input).some(
    (value) =>
      typeof value === "string" &&
      value.length > (isJustBefore ? shortestWord : shortestSubject) &&
      content.length <= value.length + longestFrame &&
      said.includes(value.toLowerCase()),
  );
};
