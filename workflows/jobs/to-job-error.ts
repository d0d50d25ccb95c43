import { isAppError } from "../../platform/errors/app-error.ts";
import { CrewFailure } from "../crews/crew-failure.ts";
import type { JobError } from "./job.ts";

/** What a job's owner is told of why it ended: `LIMIT_REACHED`, `GUARDRAILS_UNMET`, `REJECTED` or the code of an error; of what nobody foresaw, no word. */
export const toJobError = (error: unknown, task?: string): JobError => {
  const at = (of: string | undefined) => (of === undefined ? {} : { task: of });
  if (error instanceof CrewFailure)
    return { code: error.reason.toUpperCase(), message: error.message, ...at(error.task ?? task) };
  if (isAppError(error)) return { code: error.code, message: error.message, ...at(task) };
  return { code: "INTERNAL", message: "Something went wrong inside; the logs say what.", ...at(task) };
};
