import type { BaseMessage, ContentBlock } from "@langchain/core/messages";
import type {
  ChatMessage,
  ContentPart,
  FinishReason,
  ResponseFormat,
  ToolChoice,
  ToolDeclaration,
  Usage,
} from "./model-gateway.ts";

type Messages = typeof import("@langchain/core/messages");

/** Text-only parts as one string, since many local servers accept only strings; pictures as data URLs. */
const mapParts = (parts: readonly ContentPart[]): string | ContentBlock[] => {
  if (parts.every((part) => part.type === "text")) return parts.map((part) => part.text).join("\n");
  return parts.map((part) =>
    part.type === "text"
      ? { type: "text", text: part.text }
      : { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.base64}` } },
  );
};

/** Engine messages as LangChain's, in order. */
export const toLangChainMessages = (messages: readonly ChatMessage[], library: Messages): BaseMessage[] =>
  messages.map((message) => {
    switch (message.role) {
      case "system":
        return new library.SystemMessage(message.content);
      case "user":
        return new library.HumanMessage({
          content: typeof message.content === "string" ? message.content : mapParts(message.content),
        });
      case "assistant":
        return new library.AIMessage({
          content: message.content,
          tool_calls: (message.toolCalls ?? []).map((call) => ({ id: call.id, name: call.name, args: call.arguments })),
        });
      case "tool":
        return new library.ToolMessage({ content: message.content, tool_call_id: message.toolCallId });
    }
    return message satisfies never;
  });

/** A declaration in OpenAI's form; the schema travels unchanged. Ollama takes the same form. */
export const toOpenAITool = (tool: ToolDeclaration) => ({
  type: "function" as const,
  function: {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: tool.parameters,
    ...(tool.strict !== undefined && { strict: tool.strict }),
  },
});

export const toOpenAIToolChoice = (choice: ToolChoice) =>
  typeof choice === "string" ? choice : { type: "function" as const, function: { name: choice.name } };

export const toOpenAIResponseFormat = (format: ResponseFormat) => {
  if (format.type !== "json_schema") return { type: format.type };
  const { name, schema, strict } = format;
  return { type: "json_schema" as const, json_schema: { name, schema, ...(strict !== undefined && { strict }) } };
};

/** Words that compatible servers use for why an answer ended. */
export const mapFinishReason = (reason: string): FinishReason => {
  switch (reason) {
    case "tool_calls":
    case "function_call":
      return "tool_calls";
    case "length":
    case "max_tokens":
      return "length";
    case "content_filter":
      return "content_filter";
    default:
      return "stop";
  }
};

interface UsageMetadata {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_token_details?: { readonly cache_read?: number };
  readonly output_token_details?: { readonly reasoning?: number };
}

/** LangChain's usage as the engine's; undefined when the provider counted nothing. */
export const mapUsage = (usage: UsageMetadata): Usage | undefined => {
  if (!(usage.input_tokens > 0) && !(usage.output_tokens > 0)) return undefined;
  const cached = usage.input_token_details?.cache_read;
  const reasoning = usage.output_token_details?.reasoning;
  return {
    promptTokens: usage.input_tokens,
    completionTokens: usage.output_tokens,
    ...(typeof cached === "number" && { cachedTokens: cached }),
    ...(typeof reasoning === "number" && { reasoningTokens: reasoning }),
    estimated: false,
  };
};
