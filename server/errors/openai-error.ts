import type { AppError } from "../../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../../platform/errors/error-codes.ts";

/** OpenAI's envelope: all four keys, always. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
  readonly request_id: string;
}

/** Codes that OpenAI's clients know by another name than ours. */
const codeNames: Partial<Record<ErrorCode, string | null>> = {
  INVALID_INPUT: null,
  CONTEXT_TOO_LONG: "context_length_exceeded",
  UNAUTHENTICATED: "invalid_api_key",
  TOO_LARGE: "request_too_large",
  RATE_LIMITED: "rate_limit_exceeded",
};

const typeOf = (status: number): string => {
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
};

/** An error in OpenAI's envelope, for bodies and for the last line of a broken stream. */
export const toOpenAiError = (error: AppError, requestId: string): OpenAiError => {
  const named = codeNames[error.code];
  return {
    error: {
      message: error.message,
      type: typeOf(errorCodes[error.code].status),
      param: error.field ?? null,
      code: named === undefined ? error.code.toLowerCase() : named,
    },
    request_id: requestId,
  };
};
