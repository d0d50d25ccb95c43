import { setTimeout as delay } from "node:timers/promises";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { CrewAnswer } from "./task-work-deps.ts";

export interface ReadPersistentlyOptions {
  readonly signal: AbortSignal;
  /** Pauses before the second call and those after it, in milliseconds; longer where the service asks for it. */
  readonly pausesMs?: readonly number[] | undefined;
}

const usualPausesMs = [1_000, 2_000];
const longestPauseMs = 60_000;

/**
 * Calls a tool that reads, again after a failure that may pass; the last one is an answer, so that the round goes on without what
 * the tool would have said.
 * @throws the signal's reason; {AppError} DATABASE_UNAVAILABLE: the round is done again when it is back; what does not pass.
 */
export const readPersistently = async (
  read: () => Promise<CrewAnswer>,
  { signal, pausesMs = usualPausesMs }: ReadPersistentlyOptions,
): Promise<CrewAnswer> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      signal.throwIfAborted();
      if (!isAppError(error) || !error.retryable || error.code === "DATABASE_UNAVAILABLE") throw error;
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined) return { status: "failed", reason: error.message };
      const askedMs = Math.min(longestPauseMs, (error.retryAfterSeconds ?? 0) * 1_000);
      await delay(Math.max(pauseMs, askedMs), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
};
