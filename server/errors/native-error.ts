import type { AppError } from "../../platform/errors/app-error.ts";
import { type OpenAiError, toOpenAiError } from "./openai-error.ts";

/** The native envelope: OpenAI's keys, with our own code in lower case always present, and the facts that help to go on. */
export const toNativeError = (error: AppError, requestId: string): OpenAiError => {
  const envelope = toOpenAiError(error, requestId);
  return { ...envelope, error: { ...envelope.error, ...error.facts, code: error.code.toLowerCase() } };
};
