import type { Mode } from "../../platform/egress/egress-class.ts";

interface ErrorOutline {
  readonly name: string;
  /** Of our own errors, of the system or of the database. */
  readonly code?: string;
  readonly cause?: ErrorOutline;
}

const plainCode = /^\w{1,40}$/;
const mostCauses = 3;

const outlineOf = (error: unknown, depth = 0): ErrorOutline => {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown };
  const known = [code, type].find((value): value is string => typeof value === "string" && plainCode.test(value));
  return {
    name: error.name,
    ...(known === undefined ? {} : { code: known }),
    ...(error.cause === undefined || depth === mostCauses ? {} : { cause: outlineOf(error.cause, depth + 1) }),
  };
};

/**
 * What a log may hold of an error at work on a job. Words of an error may be the job's content (what cannot be parsed, a
 * database's details): of a job that is confidential, or of which nobody knows, only kinds and codes are told.
 */
export const errorForLog = (error: unknown, mode: Mode | undefined): unknown =>
  mode === "open" ? error : outlineOf(error);
