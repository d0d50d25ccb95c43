import { AppError } from "../errors/app-error.ts";

/** What went wrong with one upstream call, before it is put into the words of the error table. */
export type UpstreamFailure =
  | { readonly kind: "status"; readonly status: number; readonly text: string; readonly retryAfterSeconds?: number }
  /** An error object inside a stream. */
  | { readonly kind: "reported"; readonly text: string }
  | {
      readonly kind: "garbage" | "too-large" | "cut" | "connection" | "first-token" | "idle";
      readonly cause?: unknown;
    };

/** Names for messages: the settings a reader can change. */
export interface FailureContext {
  readonly provider: "openai" | "ollama";
  readonly model: string;
}

const words = {
  openai: { name: "The OpenAI-compatible provider", address: "OPENAI_BASE_URL", key: "OPENAI_API_KEY" },
  ollama: { name: "The Ollama provider", address: "OLLAMA_BASE_URL", key: "OLLAMA_BASE_URL" },
};

const contextOverflow =
  /context_length_exceeded|context (?:length|window|size)|maximum context|too many tokens|exceeds? the (?:available )?context|prompt is too long|input (?:is too long|length)/i;
const unknownModel =
  /model[^.]{0,200}(?:not (?:found|exist|supported)|does not exist|unknown|unavailable)|(?:unknown|no such|invalid) model|model_not_found/i;
const quota = /insufficient_quota|exceeded your current quota|billing|credit balance/i;

/** Puts a failed upstream call into the words of the error table. Upstream text is only looked at, never repeated. */
export const mapFailure = (failure: UpstreamFailure, context: FailureContext): AppError => {
  const { name, address } = words[context.provider];
  switch (failure.kind) {
    case "status":
      return mapStatus(failure, context);
    case "reported":
      if (contextOverflow.test(failure.text)) return contextTooLong(context);
      return new AppError("PROVIDER_SERVER_ERROR", `${name} reported an error while it answered.`);
    case "garbage":
      return new AppError(
        "PROVIDER_SERVER_ERROR",
        `${name} sent something that is no answer; check ${address}.`,
        failure,
      );
    case "too-large":
      return new AppError("PROVIDER_SERVER_ERROR", `${name} sent more than an answer can be.`, failure);
    case "cut":
      return new AppError("PROVIDER_SERVER_ERROR", `${name} broke off in the middle of its answer.`, failure);
    case "connection":
      return new AppError("PROVIDER_SERVER_ERROR", `${name} cannot be reached; check ${address}.`, failure);
    case "first-token":
      return new AppError("PROVIDER_TIMEOUT", `${name} did not begin to answer in time.`);
    case "idle":
      return new AppError("PROVIDER_TIMEOUT", `${name} fell silent in the middle of its answer.`);
  }
};

const mapStatus = (failure: UpstreamFailure & { kind: "status" }, context: FailureContext): AppError => {
  const { name, address, key } = words[context.provider];
  const { status, text } = failure;
  const wait = failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds };
  if (status === 401 || status === 403) {
    return new AppError("PROVIDER_REFUSED", `${name} refused access to '${context.model}'; check ${key}.`);
  }
  if (status === 413 || (status !== 429 && contextOverflow.test(text))) return contextTooLong(context);
  if (status === 402 || (status === 429 && quota.test(text))) {
    return new AppError("PROVIDER_REFUSED", `${name} says that the quota of ${key} is used up.`);
  }
  if (status === 429) return new AppError("PROVIDER_OVERLOADED", `${name} is overloaded.`, wait);
  if (status === 408) return new AppError("PROVIDER_TIMEOUT", `${name} gave up waiting.`, wait);
  if (status >= 500) return new AppError("PROVIDER_SERVER_ERROR", `${name} failed with status ${status}.`, wait);
  if ((status === 404 || status === 400) && unknownModel.test(text)) {
    return new AppError("MODEL_NOT_FOUND", `${name} has no model '${context.model}'.`, { field: "model" });
  }
  if (status === 404) return new AppError("PROVIDER_REFUSED", `${name} does not know this route; check ${address}.`);
  if (status < 400)
    return new AppError("PROVIDER_REFUSED", `${name} redirects, which is not followed; check ${address}.`);
  return new AppError("PROVIDER_REFUSED", `${name} refused the request with status ${status}.`);
};

const contextTooLong = ({ model }: FailureContext): AppError =>
  new AppError("CONTEXT_TOO_LONG", `The conversation is longer than '${model}' can take.`, { field: "messages" });
