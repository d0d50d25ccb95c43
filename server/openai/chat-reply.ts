import { z } from "zod";
import type { ToolCall, Usage } from "../../platform/models/model-gateway.ts";
import { toAnnotations } from "../chat/annotations.ts";
import { AthenaMeta } from "../chat/athena-meta.ts";
import type { ChatOutcome } from "../chat/chat-turn.ts";

export const ChatUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }).optional(),
  completion_tokens_details: z.object({ reasoning_tokens: z.int() }).optional(),
});

const FunctionCall = z.object({ name: z.string(), arguments: z.string().describe("JSON.") });
export const Annotation = z.object({
  type: z.literal("url_citation"),
  url_citation: z.object({ start_index: z.int(), end_index: z.int(), url: z.string(), title: z.string() }),
});
export const FinishReason = z.enum(["stop", "length", "tool_calls", "content_filter", "function_call"]);

/** A whole chat completion, as it is answered when nothing is streamed. */
export const ChatCompletion = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z
      .array(
        z.object({
          index: z.int(),
          message: z.object({
            role: z.literal("assistant"),
            content: z.string().nullable(),
            refusal: z.null(),
            reasoning_content: z.string().optional(),
            annotations: z.array(Annotation).optional(),
            tool_calls: z
              .array(z.object({ id: z.string(), type: z.literal("function"), function: FunctionCall }))
              .optional(),
            function_call: FunctionCall.optional(),
          }),
          logprobs: z.null(),
          finish_reason: FinishReason,
        }),
      )
      .length(1),
    usage: ChatUsage,
    athena: AthenaMeta.optional(),
  })
  .meta({ id: "ChatCompletion" });

/** What stays the same in every chunk of one answer. */
export interface ChatIdentity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  /** Whether calls are said in the words of `functions`. */
  readonly legacy: boolean;
}

export const toChatUsage = (usage: Usage): z.infer<typeof ChatUsage> => ({
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.completionTokens,
  total_tokens: usage.promptTokens + usage.completionTokens,
  ...(usage.cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: usage.cachedTokens } }),
  ...(usage.reasoningTokens === undefined
    ? {}
    : { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
});

export const toFunctionCall = (call: ToolCall): z.infer<typeof FunctionCall> => ({
  name: call.name,
  arguments: JSON.stringify(call.arguments),
});

export const toFinishReason = (
  { finishReason }: Pick<ChatOutcome, "finishReason">,
  legacy: boolean,
): z.infer<typeof FinishReason> => (legacy && finishReason === "tool_calls" ? "function_call" : finishReason);

const toCallFields = (calls: readonly ToolCall[], legacy: boolean) => {
  const [first] = calls;
  if (first === undefined) return {};
  if (legacy) return { function_call: toFunctionCall(first) };
  return {
    tool_calls: calls.map((call) => ({ id: call.id, type: "function" as const, function: toFunctionCall(call) })),
  };
};

/** The outcome of a turn as one chat completion. */
export const toChatCompletion = (
  outcome: ChatOutcome,
  { id, created, model, legacy }: ChatIdentity,
): z.infer<typeof ChatCompletion> => {
  const { text, reasoning, toolCalls } = outcome;
  const annotations = toAnnotations(outcome.evidence, text);
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
          ...(annotations.length === 0 ? {} : { annotations }),
          ...toCallFields(toolCalls, legacy),
        },
        logprobs: null,
        finish_reason: toFinishReason(outcome, legacy),
      },
    ],
    usage: toChatUsage(outcome.usage),
    ...(outcome.athena === undefined ? {} : { athena: outcome.athena }),
  };
};
