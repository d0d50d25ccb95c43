import { createHash } from "node:crypto";
import type { ChatMessage, ToolCall } from "../../platform/models/model-gateway.ts";

const idFrom = (...parts: readonly unknown[]): string =>
  `call_${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24)}`;

/**
 * Completes the ids of a conversation whose client sends none (`""`): calls get ids made from their place, name and
 * arguments, so that the same history always gives the same ids; results are matched by id, else by the tool's name, else
 * by position after the latest message with calls. A result that belongs to nothing gets an id of its own.
 */
export const linkToolResults = (messages: readonly ChatMessage[]): readonly ChatMessage[] => {
  let open: ToolCall[] = [];
  let count = 0;
  return messages.map((message): ChatMessage => {
    if (message.role === "assistant" && message.toolCalls !== undefined) {
      const toolCalls = message.toolCalls.map((call) => {
        count += 1;
        return call.id === "" ? { ...call, id: idFrom(count, call.name, call.arguments) } : call;
      });
      open = [...toolCalls];
      return { ...message, toolCalls };
    }
    if (message.role !== "tool") return message;
    const { toolCallId, toolName } = message;
    const call =
      toolCallId === ""
        ? (open.find(({ name }) => name === toolName) ?? open[0])
        : open.find(({ id }) => id === toolCallId);
    open = open.filter((candidate) => candidate !== call);
    if (call !== undefined) return { ...message, toolCallId: call.id, toolName: toolName ?? call.name };
    count += 1;
    return toolCallId === "" ? { ...message, toolCallId: idFrom(count, "result", message.content) } : message;
  });
};
