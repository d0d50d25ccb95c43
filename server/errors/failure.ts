import type { Logger } from "pino";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { errorCodes } from "../../platform/errors/error-codes.ts";

/** A failure as HTTP says it, before a surface puts it into its own envelope. */
export interface Failure {
  readonly error: AppError;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Express itself throws for a request it cannot route (a broken percent escape). */
const isBadRequest = (error: unknown): boolean =>
  error instanceof Error && "status" in error && typeof error.status === "number" && error.status === 400;

const toAppError = (error: unknown): AppError => {
  if (isAppError(error)) return error;
  if (isBadRequest(error)) return new AppError("INVALID_INPUT", "The request's address cannot be read.");
  return new AppError("INTERNAL", "internal error", { cause: error });
};

const retriedByClients = (status: number): boolean => status === 409 || status === 429 || status >= 500;

const headersOf = (error: AppError, status: number): Record<string, string> => {
  const headers: Record<string, string> = {};
  if (status === 401) headers["WWW-Authenticate"] = "Bearer";
  // Clients that know OpenAI's API repeat these statuses on their own; a repetition could act twice.
  if (!error.retryable && retriedByClients(status)) headers["x-should-retry"] = "false";
  if (error.retryable && retriedByClients(status)) {
    headers["Retry-After"] = String(Math.min(60, Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1))));
  }
  return headers;
};

/** Turns whatever was thrown into a failure; what is not an AppError becomes `internal error` and says nothing more. */
export const toFailure = (thrown: unknown): Failure => {
  const error = toAppError(thrown);
  const { status } = errorCodes[error.code];
  return { error, status, headers: headersOf(error, status) };
};

/** Logs what an operator has to see: bugs and unavailability in full, refusals of identity in short. */
export const logFailure = (logger: Logger, { error, status }: Failure, requestId: string): void => {
  if (status >= 500) logger.error({ requestId, code: error.code, err: error }, "request failed");
  else if (status === 401 || status === 403) logger.warn({ requestId, code: error.code }, "request refused");
};
