import type { AppError } from "../../platform/errors/app-error.ts";
import { type OpenAiError, toOpenAiError } from "./openai-error.ts";

/** The native envelope: OpenAI's keys, with our own code in lower case always present. */
export const toNativeError = (error: AppError, requestId: string): OpenAiError => {
  const envelope = toOpenAiError(error, requestId);
  return { ...envelope, error: { ...envelope.error, code: error.code.toLowerCase() } };
};
