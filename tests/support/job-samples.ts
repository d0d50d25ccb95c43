import type { ApprovalQuestion, TaskOutput } from "../../workflows/crews/steps.ts";
import type { JobOutcome } from "../../workflows/jobs/job-store.ts";

/** Of conversations and their jobs. */
export const modes = ["open", "confidential"] as const;
/** What a job of a test has used when it ends. */
export const usage = { tokens: 120, cost: 0.5 };
/** What a task or a job gives, with one source. */
export const output = (text: string): TaskOutput => ({ text, citations: [{ id: "1", title: "A source" }] });
/** A job that ends with that text. */
export const completed = (text: string): JobOutcome => ({ status: "completed", result: output(text), usage });
/** A job that ends at a limit. */
export const failed: JobOutcome = {
  status: "failed",
  error: { code: "LIMIT_REACHED", message: "The job stopped after 3 steps, its limit.", task: "find" },
  usage,
};
/** Whether what a task gave is good enough. */
export const resultQuestion = (task: string, text = "A draft."): ApprovalQuestion => ({
  about: "result",
  task,
  round: 1,
  output: output(text),
});
