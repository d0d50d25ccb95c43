import { estimateUsage } from "../../platform/models/estimate-usage.ts";
import type { ChatMessage, ChatRequest, ModelGateway, ToolCall, Usage } from "../../platform/models/model-gateway.ts";
import type { TaskUsage } from "../crews/steps.ts";

/** One answer of a model. */
export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly usage: TaskUsage;
}

/** Asks the model of a round: streams its answer and counts what it used. @throws {AppError} what the gateway throws. */
export type AskModel = (
  messages: readonly ChatMessage[],
  more?: Pick<ChatRequest, "tools" | "toolChoice" | "responseFormat"> & { readonly maxTokens?: number },
) => Promise<ModelReply>;

export interface AskModelDeps {
  readonly models: Pick<ModelGateway, "stream">;
  readonly request: Pick<ChatRequest, "model" | "permit" | "signal" | "deadlineAt">;
  readonly costOf: (model: string, usage: Usage) => number;
  readonly beat: () => void;
}

/** Longest answer in tokens. */
const longestAnswer = 8_192;

export const createAskModel =
  ({ models, request, costOf, beat }: AskModelDeps): AskModel =>
  async (messages, { maxTokens = longestAnswer, ...more } = {}) => {
    const calls: ToolCall[] = [];
    let model = request.model;
    let text = "";
    let answered = 0;
    let usage: Usage | undefined;
    const asked: ChatRequest = {
      ...request,
      ...more,
      ...(more.tools ? { undeclaredCalls: true } : {}),
      maxTokens: Math.min(maxTokens, longestAnswer),
      messages,
    };
    for await (const event of models.stream(asked)) {
      beat();
      if (event.type === "start") model = event.model;
      else if (event.type === "finish") usage = event.usage;
      else if (event.type === "toolCall") calls.push(event.call);
      else {
        answered += event.text.length;
        if (event.type === "text") text += event.text;
      }
    }
    request.signal.throwIfAborted();
    const counted = usage ?? estimateUsage(messages, answered);
    const tokens = counted.promptTokens + counted.completionTokens;
    return { text: text.trim(), calls, usage: { tokens, cost: costOf(model, counted) } };
  };
