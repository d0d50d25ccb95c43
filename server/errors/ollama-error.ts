import type { AppError } from "../../platform/errors/app-error.ts";

/** Ollama's envelope: `error` is the text itself. */
export const toOllamaError = (error: AppError, requestId: string): { error: string; request_id: string } => ({
  error: error.message,
  request_id: requestId,
});
