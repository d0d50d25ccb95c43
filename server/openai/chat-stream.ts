import type { Response } from "express";
import type { Gauge } from "prom-client";
import type { AppError } from "../../platform/errors/app-error.ts";
import { toAnnotations } from "../chat/annotations.ts";
import type { ChatOutcome, ChatSink } from "../chat/chat-turn.ts";
import { toOpenAiError } from "../errors/openai-error.ts";
import { toJsonLine } from "../http/json-line.ts";
import { type LineStream, openLineStream, type StreamLimits } from "../http/line-stream.ts";
import { type ChatIdentity, toChatUsage, toFinishReason, toFunctionCall } from "./chat-reply.ts";

export interface ChatStreamOptions {
  readonly response: Response;
  readonly identity: ChatIdentity;
  readonly includeUsage: boolean;
  readonly limits: StreamLimits;
  readonly openStreams: Gauge;
}

/** Headers that make proxies and browsers pass each event on at once. */
export const setEventStreamHeaders = (response: Response): void => {
  response.status(200);
  response.setHeader("Content-Type", "text/event-stream; charset=utf-8");
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("X-Accel-Buffering", "no");
};

/**
 * A chat completion as server-sent events: one `data:` line each, no other fields (some clients parse every line as JSON).
 * Nothing is sent before `sink.start`, so that failures before it keep their status.
 */
export const createChatStream = ({ response, identity, includeUsage, limits, openStreams }: ChatStreamOptions) => {
  const { id, created, model, legacy } = identity;
  let stream: LineStream | undefined;
  const event = (value: object): string => `data: ${toJsonLine(value)}\n\n`;
  const chunk = (delta: object, finishReason: string | null = null, extra: object = {}): string =>
    event({
      id,
      object: "chat.completion.chunk",
      created,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...extra,
    });
  const write = async (text: string): Promise<void> => stream?.write(text);

  const sink: ChatSink = {
    async start(threadId) {
      if (threadId !== undefined) response.setHeader("X-Athena-Thread", threadId);
      setEventStreamHeaders(response);
      stream = openLineStream(response, { keepAlive: () => chunk({}), limits, openStreams });
      await write(chunk({ role: "assistant", content: "" }));
    },
    text: (text) => write(chunk({ content: text })),
    reasoning: (text) => write(chunk({ reasoning_content: text })),
    toolCall(call, index) {
      const called = toFunctionCall(call);
      return write(
        chunk(
          legacy
            ? { function_call: called }
            : { tool_calls: [{ index, id: call.id, type: "function", function: called }] },
        ),
      );
    },
  };

  return {
    sink,
    get started() {
      return stream !== undefined;
    },
    /** Sources, the finish chunk, usage when asked for, the end marker. */
    async finish(outcome: ChatOutcome): Promise<void> {
      const annotations = toAnnotations(outcome.evidence, outcome.text);
      if (annotations.length > 0) await write(chunk({ annotations }));
      const extra = outcome.athena === undefined ? {} : { athena: outcome.athena };
      await write(chunk({}, toFinishReason(outcome, legacy), extra));
      if (includeUsage) {
        const usage = toChatUsage(outcome.usage);
        await write(event({ id, object: "chat.completion.chunk", created, model, choices: [], usage }));
      }
      await stream?.end("data: [DONE]\n\n");
    },
    /** The error's envelope as the last line; no end marker, so that nobody takes the answer for whole. */
    async fail(error: AppError, requestId: string): Promise<void> {
      await stream?.end(event(toOpenAiError(error, requestId)));
    },
  };
};
