import type { ChatMessage, ToolCall } from "../platform/models/model-gateway.ts";
import type { QueryInput } from "./query.ts";

type TurnMessage = Extract<ChatMessage, { role: "user" | "tool" }>;

/** The newest turn of a conversation: what came after the last assistant message, and that message's calls. */
export interface Turn {
  readonly messages: readonly TurnMessage[];
  readonly toolResults: readonly Extract<ChatMessage, { role: "tool" }>[];
  readonly calls: readonly ToolCall[];
}

/** Cuts the newest turn off a request's messages; system messages are instructions of the client and belong to no turn. */
export const turnOf = (messages: readonly ChatMessage[]): Turn => {
  const lastAssistant = messages.findLastIndex((message) => message.role === "assistant");
  const after = messages
    .slice(lastAssistant + 1)
    .filter((message): message is TurnMessage => message.role === "user" || message.role === "tool");
  const assistant = messages[lastAssistant];
  return {
    messages: after,
    toolResults: after.filter((message) => message.role === "tool"),
    calls: assistant?.role === "assistant" ? (assistant.toolCalls ?? []) : [],
  };
};

/** The words of one message; pictures have none. */
export const textOf = (message: ChatMessage): string =>
  typeof message.content === "string"
    ? message.content
    : message.content.map((part) => (part.type === "text" ? part.text : "")).join("");

/** The user's words of the newest turn; empty when there is no user message at all. */
export const lastUserText = (messages: readonly ChatMessage[]): string => {
  const user = messages.findLast((message) => message.role === "user");
  return user ? textOf(user) : "";
};

/** Whether the client shows and sends a history of its own: what comes into the thread meanwhile is seen by nobody there. */
export const keepsHistory = (surface: QueryInput["surface"]): boolean => surface === "openai" || surface === "ollama";
