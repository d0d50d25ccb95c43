import type { ChatMessage, ResponseFormat, ToolChoice, ToolDeclaration } from "./model-gateway.ts";

/** A message on Ollama's wire. */
export interface OllamaMessage {
  readonly role: string;
  readonly content: string;
  readonly images?: string[];
  readonly tool_calls?: { readonly function: { readonly name: string; readonly arguments: Record<string, unknown> } }[];
  readonly tool_name?: string;
}

/** Engine messages on Ollama's wire: a picture stays with its text, a tool result names its tool. */
export const toOllamaMessages = (messages: readonly ChatMessage[]): OllamaMessage[] =>
  messages.map((message) => {
    switch (message.role) {
      case "system":
        return { role: "system", content: message.content };
      case "user": {
        if (typeof message.content === "string") return { role: "user", content: message.content };
        const texts = message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
        const images = message.content.flatMap((part) => (part.type === "image" ? [part.base64] : []));
        return { role: "user", content: texts.join("\n"), ...(images.length > 0 && { images }) };
      }
      case "assistant":
        return {
          role: "assistant",
          content: message.content,
          ...(message.toolCalls?.length && {
            tool_calls: message.toolCalls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })),
          }),
        };
      case "tool":
        return {
          role: "tool",
          content: message.content,
          ...(message.toolName !== undefined && { tool_name: message.toolName }),
        };
    }
    return message satisfies never;
  });

/** Ollama has no tool choice: `none` declares no tools, a named one declares only that. */
export const chosenTools = (
  tools: readonly ToolDeclaration[] | undefined,
  choice: ToolChoice | undefined,
): readonly ToolDeclaration[] => {
  if (!tools || choice === "none") return [];
  return typeof choice === "object" ? tools.filter((tool) => tool.name === choice.name) : tools;
};

/** Ollama's `format`: `json`, a schema, or nothing. */
export const toOllamaFormat = (format: ResponseFormat | undefined): "json" | Record<string, unknown> | undefined => {
  if (format?.type === "json_object") return "json";
  return format?.type === "json_schema" ? format.schema : undefined;
};
