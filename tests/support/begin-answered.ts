import type { CallAnswer } from "../../workflows/crews/steps.ts";
import type { EffectState, TaskRecords } from "../../workflows/jobs/job-store.ts";

/** Notes a call of scripted work before it happens, going by what people said of it when it was cut off. */
export const beginAnswered = async (
  records: Pick<TaskRecords, "begin" | "done">,
  jobId: string,
  call: { readonly key: string; readonly tool: string; readonly summary: string },
  answers: readonly CallAnswer[] = [],
): Promise<EffectState["state"]> => {
  const said = answers.filter(({ call: key }) => key === call.key);
  if (said.some(({ happened }) => happened)) await records.done(jobId, call.key, {});
  return (await records.begin(jobId, { ...call, repeats: said.length })).state;
};
