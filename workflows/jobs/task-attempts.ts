import { isAppError } from "../../platform/errors/app-error.ts";

/** How often and when a task that failed is tried again. */
export interface TaskAttempts {
  /** Attempts; one that the death of its process cut off does not count. Where the model failed in all, one more does without it. */
  readonly most: number;
  /** Pause before the second attempt, in milliseconds; each further one is twice as long. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Longest time of one attempt, in milliseconds. */
  readonly timeoutMs: number;
}

export const defaultAttempts: TaskAttempts = {
  most: 5,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  timeoutMs: 600_000,
};

/** Whether an error may pass by itself: the services, models and stores behind a task, limits of rate, time-outs. */
export const isTransient = (error: unknown): boolean => isAppError(error) && error.retryable;

/** Whether it may have been a model that failed, or was too slow: then a task can still be done without one. */
export const mayBeModel = (error: unknown): boolean =>
  isAppError(error) &&
  (error.code.startsWith("PROVIDER_") || ["RATE_LIMITED", "DEADLINE_EXCEEDED"].includes(error.code));

/** Pause after an attempt (1 is the first), in milliseconds: at least what the service asked for. */
export const pauseAfter = (attempt: number, error: unknown, attempts: TaskAttempts): number => {
  const asked = isAppError(error) ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
  const { firstPauseMs, longestPauseMs } = attempts;
  return Math.min(longestPauseMs, Math.max(asked, firstPauseMs * 2 ** (attempt - 1)));
};
