import type { TaskResult } from "../crews/steps.ts";

/** Why a result was refused, where the reason itself must not be told. */
const unsaid = "The result did not pass the checks.";

/** A confidential job's result as an engine's history may hold it: how the round ended, and the key under which the rest is kept. */
export const withoutContent = (result: TaskResult, key: string): TaskResult => {
  if (result.status === "refused") return { ...result, feedback: unsaid };
  if (result.status === "outcome_unknown") return { ...result, call: { ...result.call, summary: result.call.tool } };
  return { ...result, output: { text: "", citations: [], ref: result.output.ref ?? key } };
};
