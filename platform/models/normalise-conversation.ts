import type { ChatMessage, ToolCall } from "./model-gateway.ts";

type Assistant = ChatMessage & { readonly role: "assistant" };
type ToolResult = ChatMessage & { readonly role: "tool" };

const noResult = "No result was returned.";

/**
 * Repairs what providers refuse, without losing anything said: each tool result follows the call it answers; a result
 * without a call gets one; a call without a result gets one that says so; results without an id are matched by name, else
 * by order. Assistant messages that say nothing are dropped, and the "None" that some clients write beside calls too.
 * Pure; normalising twice changes nothing more.
 */
export const normaliseConversation = (messages: readonly ChatMessage[]): ChatMessage[] => {
  const results = matchResults(messages);
  const repaired: ChatMessage[] = [];
  for (const message of messages) {
    if (message.role === "assistant") {
      const calls = message.toolCalls ?? [];
      const content = calls.length > 0 && message.content.trim() === "None" ? "" : message.content;
      if (calls.length === 0) {
        if (content.trim() !== "") repaired.push({ role: "assistant", content });
        continue;
      }
      repaired.push({ ...message, content }, ...calls.map((call) => results.byCall.get(call) ?? missing(call)));
    } else if (message.role !== "tool") {
      repaired.push(message);
    } else if (results.orphans.has(message)) {
      const id = message.toolCallId || `call_context_${repaired.length}`;
      const name = message.toolName || "context";
      repaired.push(
        { role: "assistant", content: "", toolCalls: [{ id, name, arguments: {} }] },
        { ...message, toolCallId: id, toolName: name },
      );
    }
  }
  return repaired;
};

const missing = (call: ToolCall): ToolResult => ({
  role: "tool",
  content: noResult,
  toolCallId: call.id,
  toolName: call.name,
});

/** Gives each tool result to the latest call before it that it can answer and that has none yet. */
const matchResults = (messages: readonly ChatMessage[]) => {
  const byCall = new Map<ToolCall, ToolResult>();
  const orphans = new Set<ChatMessage>();
  const asked: Assistant[] = [];
  for (const message of messages) {
    if (message.role === "assistant" && message.toolCalls?.length) asked.push(message);
    if (message.role !== "tool") continue;
    const call = findCall(asked, byCall, message);
    if (call === undefined) orphans.add(message);
    else byCall.set(call, { ...message, toolCallId: call.id, toolName: call.name });
  }
  return { byCall, orphans };
};

const findCall = (
  asked: readonly Assistant[],
  answered: ReadonlyMap<ToolCall, ToolResult>,
  { toolCallId, toolName }: ToolResult,
): ToolCall | undefined => {
  const isOpen = (call: ToolCall) => !answered.has(call);
  if (toolCallId !== "") {
    for (let at = asked.length - 1; at >= 0; at -= 1) {
      const call = asked[at]?.toolCalls?.find((one) => one.id === toolCallId && isOpen(one));
      if (call) return call;
    }
    return undefined;
  }
  const open = asked.at(-1)?.toolCalls?.filter(isOpen) ?? [];
  return open.find((call) => call.name === toolName) ?? (toolName ? undefined : open[0]);
};
