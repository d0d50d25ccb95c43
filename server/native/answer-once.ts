import { createHash } from "node:crypto";
import { AppError } from "../../platform/errors/app-error.ts";
import type { IdempotencyStore } from "../server-deps.ts";

/** An answer that can be stored and sent again. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface OnceRequest {
  /** Principal and route: keys of different callers never meet. */
  readonly scope: string;
  /** The `Idempotency-Key` header; undefined: the work is simply done. */
  readonly key: string | undefined;
  /** What the caller calls that key; default `Idempotency-Key`. */
  readonly field?: string;
  readonly body: unknown;
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * Does `work` once for each key: the same key and body gives the stored answer.
 * @throws {AppError} IDEMPOTENCY_MISMATCH for another body, CONFLICT while the first is running, INVALID_INPUT for a bad key;
 * else what `work` throws (the key is then free again).
 */
export const answerOnce = async (
  store: IdempotencyStore,
  { scope, key, field = "Idempotency-Key", body }: OnceRequest,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { readonly replayed: boolean }> => {
  if (key === undefined) return { ...(await work()), replayed: false };
  if (!keyPattern.test(key)) {
    throw new AppError("INVALID_INPUT", `'${field}' is wrong: expected 1 to 255 visible characters.`, { field });
  }
  const bodyHash = createHash("sha256").update(JSON.stringify(body)).digest("hex");
  const begun = await store.begin(scope, key, bodyHash);
  if (begun.state === "replay") return { status: begun.status, body: begun.body, replayed: true };
  if (begun.state === "mismatch") {
    throw new AppError("IDEMPOTENCY_MISMATCH", `This ${field} was used with another body.`, { field });
  }
  if (begun.state === "running") {
    throw new AppError("CONFLICT", `A request with this ${field} is still running.`, {
      field,
      retryable: true,
      retryAfterSeconds: 1,
    });
  }
  let answer: StoredAnswer;
  try {
    answer = await work();
  } catch (error) {
    await store.abandon(scope, key);
    throw error;
  }
  await store.finish(scope, key, answer.status, answer.body);
  return { ...answer, replayed: false };
};
