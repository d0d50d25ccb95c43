import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { ChatMessage, ToolCall } from "../../platform/models/model-gateway.ts";
import type { StepResult } from "../query.ts";
import { toItem } from "./build-messages.ts";
import type { DataBlock } from "./data-block.ts";

export interface CallOutcomes {
  readonly own: readonly { readonly call: ToolCall; readonly result: StepResult }[];
  readonly refused: readonly { readonly call: ToolCall; readonly words: string }[];
}

/**
 * What each call of a reply gave, in the reply's order; the client's are still to come. `evidence` is all of the turn's,
 * numbered, that of these calls last.
 */
export const toolMessages = (
  calls: readonly ToolCall[],
  { own, refused }: CallOutcomes,
  evidence: readonly Evidence[],
  block: DataBlock,
): ChatMessage[] => {
  let next = evidence.length - own.flatMap(({ result }) => result.evidence).length;
  const contents = new Map<ToolCall, string>(refused.map(({ call, words }) => [call, words]));
  for (const { call, result } of own) {
    const items = evidence.slice(next, next + result.evidence.length).map(toItem);
    next += result.evidence.length;
    contents.set(call, contentOf(result, items, block));
  }
  return calls.flatMap((call): ChatMessage[] => {
    const content = contents.get(call);
    return content === undefined ? [] : [{ role: "tool", content, toolCallId: call.id, toolName: call.name }];
  });
};

const contentOf = (result: StepResult, items: readonly string[], block: DataBlock): string => {
  if (result.status === "failed") return `Failed: ${result.reason ?? "no reason was given."}`;
  return items.length > 0 ? block("tool_result", items.join("\n\n")) : result.text || "Nothing was found.";
};
