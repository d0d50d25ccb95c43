import { type AppError, isAppError } from "../../platform/errors/app-error.ts";

/** What may pass too, and says nothing about the engine: it wants patience, or a model failed it. */
const busy = /^(RATE_LIMITED|DEADLINE_EXCEEDED|PROVIDER_.+)$/;

/** Whether the engine cannot do its work now: it is not reached, or what it stands on is down. */
export const isEngineAway = (error: unknown): error is AppError =>
  isAppError(error) && error.retryable && !busy.test(error.code);

const refusals: readonly string[] = ["NOT_FOUND", "UNAUTHENTICATED", "POLICY_DENIED"];

/** Whether the engine says that the caller may not be there (any more). */
export const isRefusal = (error: unknown): boolean => isAppError(error) && refusals.includes(error.code);
