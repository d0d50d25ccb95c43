import type { Queryable } from "../../platform/db/database.ts";
import { fields } from "./job-rows.ts";
import type { JobKey, JobSeal } from "./job-seal.ts";

interface OpenCallRow {
  readonly key: string;
  readonly tool: string;
  readonly call: { readonly summary: string } | null;
  readonly call_sealed: Uint8Array | null;
}

/** Calls that are named. */
const mostNamed = 10;

/**
 * Which calls of a job were begun and told of no end, in words for its owner: they may have happened. Of a confidential job only
 * their tools. Undefined: there are none.
 */
export const tellOpenCalls = async (
  database: Queryable,
  seal: Pick<JobSeal, "open">,
  key: JobKey,
  jobId: string,
): Promise<string | undefined> => {
  const rows = await database.query<OpenCallRow>(
    `select key, tool, call, call_sealed from job_calls where job_id = $1 and done_at is null
     order by begun_at, key limit ${mostNamed + 1}`,
    [jobId],
    "job_calls_open",
  );
  if (rows.length === 0) return undefined;
  const named = rows.slice(0, mostNamed).map((row) => {
    if (key.mode === "confidential") return `${row.tool} was to be called.`;
    return (
      seal.open(key, jobId, fields.call(row.key), row.call, row.call_sealed)?.summary ?? `${row.tool} was to be called.`
    );
  });
  const more = rows.length > mostNamed ? " There are more." : "";
  return `Whether this happened is not known: ${named.join(" ")}${more}`;
};
