import type { TaskResult } from "../crews/steps.ts";
import type { JobWork } from "../jobs/job.ts";
import type { TaskRecords } from "../jobs/job-store.ts";
import { withoutContent } from "../jobs/without-content.ts";
import type { Effect } from "./call-tools.ts";

/** What is kept of a round that ended, under its key: its whole result, which may be longer than what an engine's history holds. */
export type KeptRound = Exclude<TaskResult, { readonly status: "outcome_unknown" }>;

/** Characters of a text that go through an engine's history. */
const longestInHistory = 2_000;

/** Calls with effects of a round and those before it are kept under this key: a later round does not make them again. */
const effectsOf = (key: string): string => `${key}/effects`;

/** The key of the round before; undefined for the first. */
export const roundBefore = (key: string): string | undefined => {
  const [, start = "", round = ""] = /^(.*\/)(\d+)$/.exec(key) ?? [];
  return Number(round) > 1 ? `${start}${Number(round) - 1}` : undefined;
};

/** A result as an engine gets it: the beginning of its text and where the rest is; of a confidential job only that. */
export const forHistory = (result: KeptRound, key: string, job: Pick<JobWork, "mode">): TaskResult => {
  if (job.mode === "confidential") return withoutContent(result, key);
  if (result.status !== "ok") return { ...result, feedback: beginOf(result.feedback) };
  const { text, citations } = result.output;
  return { ...result, output: { text: beginOf(text), ref: key, citations: citations.slice(0, 50) } };
};

const beginOf = (text: string): string =>
  text.length > longestInHistory ? `${text.slice(0, longestInHistory).toWellFormed()}…` : text;

/** Notes the effects that there are after a round, however it ended. */
export const keepEffects = async (
  records: Pick<TaskRecords, "keep">,
  jobId: string,
  key: string,
  effects: readonly Effect[],
): Promise<void> => {
  if (effects.length > 0) await records.keep(jobId, effectsOf(key), effects);
};

/** The effects of the rounds before one. */
export const effectsBefore = async (
  records: Pick<TaskRecords, "kept">,
  jobId: string,
  key: string,
): Promise<readonly Effect[]> => {
  for (let before = roundBefore(key); before !== undefined; before = roundBefore(before)) {
    const effects = (await records.kept(jobId, effectsOf(before))) as readonly Effect[] | undefined;
    if (effects) return effects;
  }
  return [];
};
