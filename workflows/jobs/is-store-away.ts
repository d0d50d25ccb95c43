import { isAppError } from "../../platform/errors/app-error.ts";

/** Our own stores being away ends no job, not even when it is unknown whether a change was stored: the step is done again. */
export const isStoreAway = (error: unknown): boolean =>
  isAppError(error, "DATABASE_UNAVAILABLE") || isAppError(error, "EVENTS_UNAVAILABLE");
