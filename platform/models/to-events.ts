import { estimateUsage } from "./estimate-usage.ts";
import type { ChatEvent, FinishReason, Usage } from "./model-gateway.ts";
import type { ProviderDelta, ProviderRequest } from "./provider.ts";
import { type CollectedCall, createToolCallCollector } from "./tool-call-collector.ts";

/** Longest answer in characters; a model that runs on is stopped there. */
const longestAnswer = 1_000_000;

/**
 * A provider's deltas as events: text and reasoning as they come, tool calls whole and in order, one `finish` at the end.
 * Only tools that the request declares can be called; what names another becomes text, unless the request takes such calls.
 * A finish without a reason is never invented: the provider throws when its stream was cut.
 */
export async function* toEvents(
  deltas: AsyncIterable<ProviderDelta>,
  request: ProviderRequest,
): AsyncGenerator<ChatEvent> {
  const collector = createToolCallCollector();
  const declared = new Set(request.toolChoice === "none" ? [] : request.tools?.map((tool) => tool.name));
  let characters = 0;
  let reason: FinishReason | undefined;
  let usage: Usage | undefined;
  for await (const delta of deltas) {
    if (delta.reasoning !== undefined) {
      characters += delta.reasoning.length;
      yield { type: "reasoning", text: delta.reasoning };
    }
    if (delta.text !== undefined) {
      characters += delta.text.length;
      yield { type: "text", text: delta.text };
    }
    for (const fragment of delta.toolFragments ?? []) {
      characters += fragment.arguments?.length ?? 0;
      collector.add(fragment);
    }
    reason = delta.finish ?? reason;
    usage = delta.usage ?? usage;
    if (characters > longestAnswer) {
      reason = "length";
      break;
    }
  }

  let calls = 0;
  for (const collected of collector.take()) {
    const isCall = collected.whole && (request.undeclaredCalls === true || declared.has(collected.call.name));
    if (isCall) {
      if (request.parallelToolCalls === false && calls > 0) continue;
      calls += 1;
      yield { type: "toolCall", call: collected.call };
    } else if (reason !== "length") yield { type: "text", text: asText(collected) };
  }
  yield {
    type: "finish",
    reason: calls > 0 ? "tool_calls" : reason === undefined || reason === "tool_calls" ? "stop" : reason,
    usage: usage ?? estimateUsage(request.messages, characters),
  };
}

/** A call that cannot be handed on, in words. */
const asText = (collected: CollectedCall): string =>
  collected.whole
    ? `${collected.call.name}(${JSON.stringify(collected.call.arguments)})`
    : `${collected.name}(${collected.text})`;
