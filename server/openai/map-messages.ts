import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatMessage, ContentPart, ToolCall } from "../../platform/models/model-gateway.ts";
import { toImagePart } from "../chat/image-part.ts";
import { linkToolResults } from "../chat/link-tool-results.ts";
import type { ChatCompletionRequest } from "./chat-request.ts";

type Message = ChatCompletionRequest["messages"][number];
type Part = Extract<Message["content"], readonly unknown[]>[number];
type CalledFunction = NonNullable<Message["function_call"]>;

const toPart = (part: Part, field: string): ContentPart => {
  const refuse = (reason: string): never => {
    throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${reason}.`, { field });
  };
  if (part.type === "text" || part.type === "refusal") {
    const text = part[part.type];
    return typeof text === "string" ? { type: "text", text } : refuse(`expected a string as ${part.type}`);
  }
  if (part.type === "image_url") {
    const image = part.image_url as { url?: unknown } | string | null | undefined;
    const url = typeof image === "string" ? image : image?.url;
    return typeof url === "string" ? toImagePart(url, `${field}.image_url`) : refuse("expected an image_url");
  }
  return refuse(`parts of type '${part.type.slice(0, 40)}' are not accepted here`);
};

const toParts = (content: Message["content"], field: string): readonly ContentPart[] => {
  if (content === null || content === undefined) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [{ type: "text", text: JSON.stringify(content) }];
  return content.map((part, index) => toPart(part, `${field}.content.${index}`));
};

const textOf = (parts: readonly ContentPart[]): string =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");

const toArguments = (value: CalledFunction["arguments"]): Record<string, unknown> => {
  if (typeof value !== "string") return value ?? {};
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // A model's broken arguments in the history: kept as they were said.
  }
  return value.trim() === "" ? {} : { arguments: value };
};

const toCalls = ({ tool_calls, function_call }: Message): readonly ToolCall[] => {
  const calls = (tool_calls ?? []).flatMap(({ id, function: called }) => (called ? [{ id: id ?? "", called }] : []));
  if (function_call) calls.push({ id: "", called: function_call });
  return calls.map(({ id, called }) => ({ id, name: called.name, arguments: toArguments(called.arguments) }));
};

const toMessage = (message: Message, field: string): ChatMessage => {
  const parts = toParts(message.content, field);
  const text = textOf(parts);
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", content: text };
    case "user":
      return { role: "user", content: parts.some(({ type }) => type === "image") ? parts : text };
    case "assistant": {
      const toolCalls = toCalls(message);
      if (toolCalls.length === 0) return { role: "assistant", content: text };
      // home-llm writes the word `None` as the content of a message that only calls tools.
      return { role: "assistant", content: text === "None" ? "" : text, toolCalls };
    }
    case "tool":
    case "function": {
      const toolCallId = message.role === "tool" ? (message.tool_call_id ?? "") : "";
      return { role: "tool", content: text, toolCallId, ...(message.name ? { toolName: message.name } : {}) };
    }
  }
};

/**
 * A request's messages in the engine's form: `developer` becomes `system`, text-only parts become one string, legacy
 * `function` messages become tool messages, missing call ids are made up.
 * @throws {AppError} INVALID_INPUT naming the part that cannot be used.
 */
export const mapMessages = (messages: readonly Message[]): readonly ChatMessage[] =>
  linkToolResults(messages.map((message, index) => toMessage(message, `messages.${index}`)));
