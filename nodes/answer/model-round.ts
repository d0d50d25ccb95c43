import { estimateUsage } from "../../platform/models/estimate-usage.ts";
import type { ChatMessage, ChatRequest, ModelGateway, ToolCall, Usage } from "../../platform/models/model-gateway.ts";
import type { Draft, QueryContext } from "../query.ts";
import type { Violation } from "../validation/rules.ts";
import type { ReleaseGate } from "./release-gate.ts";

export interface RoundDeps {
  readonly models: Pick<ModelGateway, "stream">;
  readonly request: Omit<ChatRequest, "messages">;
  readonly messages: readonly ChatMessage[];
  readonly gate: ReleaseGate;
  readonly context: QueryContext | undefined;
  /** Told when the model writes, before any of that is out. */
  readonly onText?: (() => void) | undefined;
}

/** What one call of the model gave. */
export interface Round {
  readonly model: string;
  readonly calls: readonly ToolCall[];
  readonly reasoning: string;
  readonly usage: Usage;
  readonly finishReason: Draft["finishReason"];
  readonly firstTokenMs: number | undefined;
  /** The sentence that stopped it. */
  readonly stopped: Violation | undefined;
}

/**
 * Streams one answer of the model through the gate and collects its calls.
 * @throws {AppError} what the gateway throws.
 */
export const runRound = async ({ models, request, messages, gate, context, onText }: RoundDeps): Promise<Round> => {
  const calls: ToolCall[] = [];
  let model = request.model;
  let reasoning = "";
  let answered = 0;
  let usage: Usage | undefined;
  let finishReason: Draft["finishReason"] = "stop";
  let firstTokenMs: number | undefined;
  let stopped: Violation | undefined;
  for await (const event of models.stream({ ...request, messages })) {
    if (event.type === "start") model = event.model;
    else if (event.type === "finish") {
      usage = event.usage;
      finishReason = event.reason;
    } else {
      firstTokenMs ??= context ? performance.now() - context.startedAt : 0;
      if (event.type === "toolCall") calls.push(event.call);
      else if (event.type === "reasoning") {
        reasoning += event.text;
        answered += event.text.length;
        await context?.emit?.(event);
      } else {
        onText?.();
        answered += event.text.length;
        stopped = await gate.push(event.text);
        if (stopped) break;
      }
    }
  }
  stopped ??= await gate.end();
  return {
    model,
    calls,
    reasoning,
    // A model that was stopped counted nothing.
    usage: usage ?? estimateUsage(messages, answered),
    finishReason,
    firstTokenMs,
    stopped,
  };
};

/** Tokens of several calls together; estimated as soon as one of them is. */
export const addUsage = (before: Usage, now: Usage): Usage => {
  const sum = (left: number | undefined, right: number | undefined) =>
    left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);
  const cachedTokens = sum(before.cachedTokens, now.cachedTokens);
  const reasoningTokens = sum(before.reasoningTokens, now.reasoningTokens);
  return {
    promptTokens: before.promptTokens + now.promptTokens,
    completionTokens: before.completionTokens + now.completionTokens,
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    estimated: before.estimated || now.estimated,
  };
};
