import { type ErrorCode, errorCodes } from "./error-codes.ts";

export interface AppErrorDetails {
  readonly cause?: unknown;
  /** The field at fault, as a path in the caller's own request (`messages.0.role`). */
  readonly field?: string;
  /** How long the caller should wait before trying again, in seconds. */
  readonly retryAfterSeconds?: number;
  /** Overrides the table where this one occurrence differs (a 5xx that must not be repeated). */
  readonly retryable?: boolean;
  /** What the caller needs to go on, by the names that the answer's body has for it. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/**
 * Every failure that Athena reports. `message` is a sentence for the caller and never holds a secret, confidential
 * content, SQL or a path; what happened inside stays in `cause`. Compare `code`, not the class: the code survives queues and workers.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly facts: AppErrorDetails["facts"];

  constructor(code: ErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.retryable = details.retryable ?? errorCodes[code].retryable;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.facts = details.facts;
  }
}

/** Whether a value is an AppError, optionally of one code; works across module copies because it compares data. */
export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  error.code in errorCodes &&
  (code === undefined || error.code === code);
