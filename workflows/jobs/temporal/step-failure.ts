import { AppError } from "../../../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../../../platform/errors/error-codes.ts";

/** What a worker tells the workflow of a step that failed, beside code and message. */
export interface StepFailure {
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

/** Type of the failure with which a worker refuses a step because its job is to be cancelled. */
export const toBeCancelled = "JOB_TO_BE_CANCELLED";

/** An error as it was before it crossed from a worker to the workflow. */
export const toAppError = (code: string, message: string, told: Partial<StepFailure> = {}): AppError => {
  const { retryable, retryAfterSeconds } = told;
  return new AppError(code in errorCodes ? (code as ErrorCode) : "INTERNAL", message, {
    ...(retryable === undefined ? {} : { retryable }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
};
