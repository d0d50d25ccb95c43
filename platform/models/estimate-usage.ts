import type { ChatMessage, Usage } from "./model-gateway.ts";

/** Tokens of a text by the usual rule of thumb, four characters each. */
export const estimateTokens = (characters: number): number => Math.ceil(characters / 4);

/** Characters of a message's text and of what its tool calls hold; pictures count as nothing. */
export const charactersOf = (message: ChatMessage): number => {
  if (message.role === "user" && typeof message.content !== "string") {
    return message.content.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 0), 0);
  }
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
  return (
    (message.content as string).length +
    calls.reduce((sum, call) => sum + call.name.length + JSON.stringify(call.arguments).length, 0)
  );
};

/** Usage for a provider that counted nothing. */
export const estimateUsage = (messages: readonly ChatMessage[], answerCharacters: number): Usage => ({
  promptTokens: estimateTokens(messages.reduce((sum, message) => sum + charactersOf(message), 0)),
  completionTokens: estimateTokens(answerCharacters),
  estimated: true,
});
