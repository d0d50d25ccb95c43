import { appendFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { TaskResult } from "../../workflows/crews/steps.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import type { TaskRecords } from "../../workflows/jobs/job-store.ts";
import { beginAnswered } from "./begin-answered.ts";

const usage = { tokens: 1, cost: 0 };

/**
 * Work whose every task calls a tool that writes a line into its own log, with a journal around the call: a process may die
 * before the line, after it, or before it could note that it is there.
 */
export const journalledWork = (records: TaskRecords, toolLog: string, slowestMs: number): TaskWork => ({
  async doTask(job, { key, task, answers }, { signal }) {
    const kept = await records.kept(job.id, key);
    if (kept !== undefined) return kept as TaskResult;
    await delay(Math.random() * slowestMs, undefined, { signal });
    const call = { key: `${key}/append`, tool: "append", summary: `A line for '${task.id}' was to be written.` };
    const state = await beginAnswered(records, job.id, call, answers);
    if (state === "begun") return { status: "outcome_unknown", call, usage };
    if (state === "new") {
      await delay(Math.random() * 5);
      await appendFile(toolLog, `${job.id}/${task.id}\n`);
      await delay(Math.random() * 5);
      await records.done(job.id, call.key, {});
    }
    const result: TaskResult = { status: "ok", output: { text: `${task.id} done`, citations: [] }, usage };
    await records.keep(job.id, key, result);
    return result;
  },
  assign: async () => ({ agents: {}, usage }),
});
