import { AppError } from "../../platform/errors/app-error.ts";
import type { TaskRecords } from "../../workflows/jobs/job-store.ts";

export interface MemoryTaskRecords extends TaskRecords {
  /** What is kept, by key. */
  readonly results: ReadonlyMap<string, unknown>;
  /** Calls by key: begun, and done when they have a result. */
  readonly calls: ReadonlyMap<
    string,
    { readonly tool: string; readonly summary: string; readonly repeats: number; readonly result?: unknown }
  >;
}

/** Records in memory: what is kept first stays, as in the database; values are copies. */
export const memoryTaskRecords = (): MemoryTaskRecords => {
  const results = new Map<string, unknown>();
  const calls = new Map<string, { tool: string; summary: string; repeats: number; result?: unknown }>();
  return {
    results,
    calls,
    async keep<Result>(_jobId: string, key: string, result: Result) {
      if (!results.has(key)) results.set(key, structuredClone(result));
      return structuredClone(results.get(key)) as Result;
    },
    kept: async (_jobId, key) => structuredClone(results.get(key)),
    async begin(_jobId, { key, tool, summary, repeats = 0 }) {
      const known = calls.get(key);
      if (!known) {
        calls.set(key, { tool, summary, repeats: 0 });
        return { state: "new" };
      }
      if (known.tool !== tool) throw new AppError("CONFLICT", "Another tool was called under this key.");
      if (!("result" in known) && known.repeats < repeats) {
        known.repeats += 1;
        return { state: "new" };
      }
      return "result" in known ? { state: "done", result: structuredClone(known.result) } : { state: "begun" };
    },
    async done(_jobId, key, result) {
      const known = calls.get(key);
      if (known && !("result" in known)) known.result = structuredClone(result);
    },
  };
};
