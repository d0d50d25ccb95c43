import type { TaskOutput } from "../crews/steps.ts";
import type { TaskRecords } from "./job-store.ts";

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A result in full: what goes through an engine's history is its beginning, with the key under which the whole is kept. */
export const wholeOutput = async (
  records: Pick<TaskRecords, "kept">,
  jobId: string,
  output: TaskOutput,
): Promise<TaskOutput> => {
  if (output.ref === undefined) return output;
  const kept = await records.kept(jobId, output.ref);
  const whole = isRecord(kept) && isRecord(kept.output) ? kept.output : kept;
  if (!isRecord(whole) || typeof whole.text !== "string") return output;
  const { ref: _, ...rest } = { ...output, ...whole };
  return rest;
};
