import type { ChatMessage, ToolCall } from "../../platform/models/model-gateway.ts";

type ToolResult = Extract<ChatMessage, { role: "tool" }>;

/**
 * The kept messages of a turn with the client's results put behind them. Results are tied to the calls by id; where a client
 * gave the calls new ids, by their place among the calls that it sends back; where it sends none, by name and order.
 */
export const resumeTranscript = (
  transcript: readonly ChatMessage[],
  clientCalls: readonly ToolCall[],
  results: readonly ToolResult[],
): ChatMessage[] => {
  const last = transcript.findLast((message) => message.role === "assistant");
  const answered = new Set(transcript.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : [])));
  const open = (last?.role === "assistant" ? (last.toolCalls ?? []) : []).filter(({ id }) => !answered.has(id));
  const byId = new Map(open.map((call) => [call.id, call]));
  const renamed = new Map(
    clientCalls.flatMap(({ id, name }, index) => (open[index]?.name === name ? [[id, open[index]] as const] : [])),
  );
  const left = new Set(open);
  const tied = results.flatMap((result): ToolResult[] => {
    const call =
      byId.get(result.toolCallId) ??
      renamed.get(result.toolCallId) ??
      [...left].find(({ name }) => result.toolName === undefined || result.toolName === name);
    if (!call || !left.delete(call)) return [];
    return [{ ...result, toolCallId: call.id, toolName: call.name }];
  });
  return [...transcript, ...tied];
};
