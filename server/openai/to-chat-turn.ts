import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ResponseFormat } from "../../platform/models/model-gateway.ts";
import type { ChatTurn } from "../chat/chat-turn.ts";
import { given } from "../chat/given.ts";
import type { ServedModel } from "../chat/model-directory.ts";
import { toQueryControl } from "../chat/query-control.ts";
import type { ChatCompletionRequest } from "./chat-request.ts";
import { mapMessages } from "./map-messages.ts";
import { mapTools } from "./map-tools.ts";

const toResponseFormat = (format: ChatCompletionRequest["response_format"]): ResponseFormat | undefined => {
  if (format?.type !== "json_schema") return format ?? undefined;
  const { name, schema, strict } = format.json_schema;
  return schema ? { type: "json_schema", name, schema, ...given({ strict }) } : { type: "json_object" };
};

const controlKeys = new Set(["thread_id", "mode", "consent", "scope", "locale", "timezone"]);

/** What the caller noted of its own: kept with the user's message. */
const toMeta = ({ user, metadata }: ChatCompletionRequest): Record<string, unknown> | undefined => {
  const notes = Object.entries(metadata ?? {}).filter(([key]) => !controlKeys.has(key));
  const meta = {
    ...(typeof user === "string" ? { user } : {}),
    ...(notes.length > 0 ? { metadata: Object.fromEntries(notes) } : {}),
  };
  return Object.keys(meta).length > 0 ? meta : undefined;
};

/**
 * A chat completion request in the engine's form.
 * @throws {AppError} INVALID_INPUT naming the field; NOT_FOUND for an impossible thread id.
 */
export const toChatTurn = (
  request: ChatCompletionRequest,
  headers: IncomingHttpHeaders,
  model: ServedModel,
): ChatTurn => {
  if (model.kind === "embedder") {
    throw new AppError("INVALID_INPUT", `The model '${model.id}' makes embeddings; it cannot chat.`, {
      field: "model",
    });
  }
  if ((request.n ?? 1) > 1) {
    throw new AppError("INVALID_INPUT", "'n' is wrong: one choice for each request is what can be had.", {
      field: "n",
    });
  }
  const { stop } = request;
  return {
    model,
    messages: mapMessages(request.messages),
    control: toQueryControl(headers, request.metadata ?? {}, model.confidential),
    ...mapTools(request),
    sampling: given({
      temperature: request.temperature,
      topP: request.top_p,
      maxTokens: request.max_completion_tokens ?? request.max_tokens,
      stop: typeof stop === "string" ? [stop] : stop,
      seed: request.seed,
    }),
    provider: given({ presencePenalty: request.presence_penalty, frequencyPenalty: request.frequency_penalty }),
    ...given({ responseFormat: toResponseFormat(request.response_format), meta: toMeta(request) }),
  };
};
