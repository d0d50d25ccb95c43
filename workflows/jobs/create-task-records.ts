import { contentHash } from "../../platform/db/canonical-json.ts";
import type { Queryable } from "../../platform/db/database.ts";
import { storableJson, storableText } from "../../platform/db/storable.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { fields, isJobId } from "./job-rows.ts";
import { guard, guardValues, type JobSeal } from "./job-seal.ts";
import type { EffectState, TaskRecords } from "./job-store.ts";

interface NotedCall {
  readonly summary: string;
  /** A hash. */
  readonly args?: string;
}

interface CallRow {
  readonly tool: string;
  readonly call: NotedCall | null;
  readonly call_sealed: Uint8Array | null;
  readonly done_at: Date | string | null;
  readonly result: { readonly value?: unknown } | null;
  readonly result_sealed: Uint8Array | null;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
}

const missing = () => new AppError("NOT_FOUND", "There is no such job, or its conversation was erased.");

/** Results and the journal of calls in the main database. A value is kept inside an object, so that none of them is like nothing. */
export const createTaskRecords = ({
  database,
  seal,
}: {
  readonly database: Queryable;
  readonly seal: JobSeal;
}): TaskRecords => {
  const call = async (
    jobId: string,
    key: string,
    { tool, args }: { readonly tool: string; readonly args: string | undefined },
  ): Promise<EffectState | undefined> => {
    const [row] = await database.query<CallRow>(
      `select c.tool, c.call, c.call_sealed, c.done_at, c.result, c.result_sealed, t.id as thread_id, t.wrapped_key
       from job_calls c join jobs j on j.id = c.job_id join threads t on t.id = j.thread_id
       where c.job_id = $1 and c.key = $2`,
      [jobId, key],
      "job_call",
    );
    if (!row) return undefined;
    if (row.tool !== tool) throw new AppError("CONFLICT", "Another tool was called under this key.");
    const place = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
    const noted = seal.open(place, jobId, fields.call(key), row.call, row.call_sealed);
    if (args !== undefined && noted?.args !== undefined && noted.args !== args) {
      throw new AppError("CONFLICT", "This tool was called with other arguments under this key.");
    }
    if (row.done_at === null) return { state: "begun" };
    return {
      state: "done",
      result: seal.open(place, jobId, fields.callResult(key), row.result, row.result_sealed)?.value,
    };
  };

  const kept: TaskRecords["kept"] = async (jobId, key) => {
    if (!isJobId(jobId)) return undefined;
    const name = storableText(key);
    const [row] = await database.query<Pick<CallRow, "result" | "result_sealed" | "thread_id" | "wrapped_key">>(
      `select r.result, r.result_sealed, t.id as thread_id, t.wrapped_key
       from job_results r join jobs j on j.id = r.job_id join threads t on t.id = j.thread_id
       where r.job_id = $1 and r.key = $2`,
      [jobId, name],
      "job_kept",
    );
    if (!row) return undefined;
    const place = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
    return seal.open(place, jobId, fields.result(name), row.result, row.result_sealed)?.value;
  };

  return {
    kept,

    async keep<Result>(jobId: string, key: string, result: Result) {
      if (!isJobId(jobId)) throw missing();
      const name = storableText(key);
      let isNew = false;
      const written = await seal.write(jobId, async (place) => {
        const { clear, sealed } = seal.seal(place, jobId, fields.result(name), { value: result });
        const [row] = await database.query<{ is_new: boolean }>(
          `with job as (
             select j.id from jobs j join threads t on t.id = j.thread_id where j.id = $1 and ${guard(5)}
           ), added as (
             insert into job_results (job_id, key, result, result_sealed) select id, $2, $3, $4 from job
             on conflict do nothing returning key)
           select exists (select from added) as is_new from job`,
          [jobId, name, clear, sealed, ...guardValues(place)],
          "job_keep",
        );
        isNew = row?.is_new ?? false;
        return row !== undefined;
      });
      if (!written) throw missing();
      if (isNew) return result;
      const first = (await kept(jobId, key)) as Result | undefined;
      return first === undefined ? result : first; // of an erased conversation nothing is kept
    },

    async begin(jobId, { key, tool, summary, repeats = 0, args }) {
      if (!isJobId(jobId)) throw missing();
      const name = storableText(key);
      const hash = args === undefined ? undefined : contentHash(storableJson(args));
      const asked = { tool: storableText(tool), args: hash };
      // The statement that begins a call again cannot look into what is sealed.
      if (repeats > 0 && hash !== undefined) await call(jobId, name, asked);
      let isNew = false;
      const written = await seal.write(jobId, async (place) => {
        const { clear, sealed } = seal.seal(place, jobId, fields.call(name), { summary, args: hash });
        const [row] = await database.query<{ is_new: boolean }>(
          `with job as (
             select j.id from jobs j join threads t on t.id = j.thread_id where j.id = $1 and ${guard(6)}
           ), added as (
             insert into job_calls (job_id, key, tool, call, call_sealed) select id, $2, $3, $4, $5 from job
             on conflict (job_id, key) do update set repeats = job_calls.repeats + 1, begun_at = now()
               where job_calls.done_at is null and job_calls.repeats < $8::int and job_calls.tool = excluded.tool
             returning key)
           select exists (select from added) as is_new from job`,
          [jobId, name, storableText(tool), clear, sealed, ...guardValues(place), repeats],
          "job_call_begin",
        );
        isNew = row?.is_new ?? false;
        return row !== undefined;
      });
      if (!written) throw missing();
      return isNew ? { state: "new" } : ((await call(jobId, name, asked)) ?? { state: "begun" });
    },

    async done(jobId, key, result) {
      if (!isJobId(jobId)) throw missing();
      const name = storableText(key);
      const written = await seal.write(jobId, async (place) => {
        const { clear, sealed } = seal.seal(place, jobId, fields.callResult(name), { value: result });
        const rows = await database.query(
          `with job as (
             select j.id from jobs j join threads t on t.id = j.thread_id where j.id = $1 and ${guard(5)}
           ), ended as (
             update job_calls c set done_at = now(), result = $3, result_sealed = $4 from job
             where c.job_id = job.id and c.key = $2 and c.done_at is null)
           select id from job`,
          [jobId, name, clear, sealed, ...guardValues(place)],
          "job_call_done",
        );
        return rows.length > 0;
      });
      if (!written) throw missing();
    },
  };
};
