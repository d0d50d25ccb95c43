import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatMessage, ContentPart, ResponseFormat, ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { ChatTurn } from "../chat/chat-turn.ts";
import { given } from "../chat/given.ts";
import { toImagePart } from "../chat/image-part.ts";
import { linkToolResults } from "../chat/link-tool-results.ts";
import type { ServedModel } from "../chat/model-directory.ts";
import { toQueryControl } from "../chat/query-control.ts";
import type { OllamaChatRequest, OllamaGenerateRequest, OllamaGeneration } from "./requests.ts";

type Message = NonNullable<OllamaChatRequest["messages"]>[number];

const toUserContent = (
  text: string,
  images: readonly string[] | null | undefined,
  field: string,
): string | readonly ContentPart[] =>
  images && images.length > 0
    ? [{ type: "text", text }, ...images.map((image, index) => toImagePart(image, `${field}.${index}`))]
    : text;

const toMessage = (message: Message, field: string): ChatMessage => {
  const content = message.content ?? "";
  switch (message.role) {
    case "system":
      return { role: "system", content };
    case "user":
      return { role: "user", content: toUserContent(content, message.images, `${field}.images`) };
    case "assistant": {
      const toolCalls = (message.tool_calls ?? []).map(({ id, function: called }) => ({
        id: id ?? "",
        name: called.name,
        arguments: called.arguments ?? {},
      }));
      return toolCalls.length > 0 ? { role: "assistant", content, toolCalls } : { role: "assistant", content };
    }
    case "tool":
      return {
        role: "tool",
        content,
        toolCallId: message.tool_call_id ?? "",
        ...(message.tool_name ? { toolName: message.tool_name } : {}),
      };
  }
};

const toTools = (tools: OllamaChatRequest["tools"]): readonly ToolDeclaration[] =>
  (tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    parameters: parameters ?? { type: "object", properties: {} },
    ...given({ description }),
  }));

const toResponseFormat = (format: OllamaGeneration["format"]): ResponseFormat | undefined => {
  if (format === "json") return { type: "json_object" };
  return format ? { type: "json_schema", name: "format", schema: format } : undefined;
};

const toTurn = (
  request: OllamaGeneration,
  headers: IncomingHttpHeaders,
  model: ServedModel,
  messages: readonly ChatMessage[],
): ChatTurn => {
  if (model.kind === "embedder") throw new AppError("INVALID_INPUT", `"${model.id}" does not support chat`);
  const options: NonNullable<OllamaGeneration["options"]> = request.options ?? {};
  const { stop, num_predict: most } = options;
  return {
    model,
    messages: linkToolResults(messages),
    control: toQueryControl(headers, {}, model.confidential),
    sampling: given({
      temperature: options.temperature,
      topP: options.top_p,
      maxTokens: most && most > 0 ? Math.trunc(most) : undefined,
      stop: typeof stop === "string" ? [stop] : stop,
      seed: options.seed,
    }),
    provider: given({
      presencePenalty: options.presence_penalty,
      frequencyPenalty: options.frequency_penalty,
      contextLength: options.num_ctx,
      keepAlive: request.keep_alive,
      think: request.think,
    }),
    ...given({ responseFormat: toResponseFormat(request.format) }),
  };
};

/** `POST /api/chat` in the engine's form. @throws {AppError} INVALID_INPUT naming the field; NOT_FOUND for an impossible thread id. */
export const chatToTurn = (request: OllamaChatRequest, headers: IncomingHttpHeaders, model: ServedModel): ChatTurn => {
  const messages = (request.messages ?? []).map((message, index) => toMessage(message, `messages.${index}`));
  const tools = toTools(request.tools);
  return { ...toTurn(request, headers, model, messages), ...(tools.length > 0 ? { tools } : {}) };
};

/** `POST /api/generate` in the engine's form. @throws {AppError} as `chatToTurn` */
export const generateToTurn = (
  request: OllamaGenerateRequest,
  headers: IncomingHttpHeaders,
  model: ServedModel,
): ChatTurn => {
  const system: readonly ChatMessage[] = request.system ? [{ role: "system", content: request.system }] : [];
  const content = toUserContent(request.prompt ?? "", request.images, "images");
  return toTurn(request, headers, model, [...system, { role: "user", content }]);
};
