import { z } from "zod";
import type { ToolCall } from "../../platform/models/model-gateway.ts";

/** One piece of an answer, or all of it. */
export interface AnswerPiece {
  readonly text?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly { readonly call: ToolCall; readonly index: number }[];
}

/** How a route of Ollama's writes a piece: `chat` in a message, `generate` in `response`. Absent things have no key. */
export type AnswerShape = (piece: AnswerPiece) => object;

export const chatShape: AnswerShape = ({ text = "", thinking, toolCalls = [] }) => ({
  message: {
    role: "assistant",
    content: text,
    ...(thinking ? { thinking } : {}),
    ...(toolCalls.length > 0
      ? {
          tool_calls: toolCalls.map(({ call, index }) => ({
            id: call.id,
            function: { index, name: call.name, arguments: call.arguments },
          })),
        }
      : {}),
  },
});

export const generateShape: AnswerShape = ({ text = "", thinking }) => ({
  response: text,
  ...(thinking ? { thinking } : {}),
});

const metrics = {
  done_reason: z.enum(["stop", "length", "load", "unload"]).optional(),
  total_duration: z.int().optional().describe("Nanoseconds, like all durations."),
  load_duration: z.int().optional(),
  prompt_eval_count: z.int().optional(),
  prompt_eval_duration: z.int().optional(),
  eval_count: z.int().optional(),
  eval_duration: z.int().optional(),
};
const common = { model: z.string(), created_at: z.iso.datetime(), done: z.boolean(), ...metrics };

export const OllamaChatReply = z
  .object({
    ...common,
    message: z.object({
      role: z.literal("assistant"),
      content: z.string(),
      thinking: z.string().optional(),
      tool_calls: z
        .array(
          z.object({
            id: z.string(),
            function: z.object({ index: z.int(), name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
          }),
        )
        .optional(),
    }),
  })
  .meta({ id: "OllamaChatReply" });

export const OllamaGenerateReply = z
  .object({ ...common, response: z.string(), thinking: z.string().optional() })
  .meta({ id: "OllamaGenerateReply" });
