import type { Response } from "express";
import type { Gauge } from "prom-client";
import type { AppError } from "../../platform/errors/app-error.ts";
import type { ChatOutcome, ChatSink } from "../chat/chat-turn.ts";
import { toJsonLine } from "../http/json-line.ts";
import { type LineStream, openLineStream, type StreamLimits } from "../http/line-stream.ts";
import type { AnswerClock } from "./answer-clock.ts";
import type { AnswerPiece, AnswerShape } from "./answer-shape.ts";

export interface AnswerStreamOptions {
  readonly response: Response;
  /** As the client named it. */
  readonly model: string;
  readonly shape: AnswerShape;
  readonly clock: AnswerClock;
  readonly showThinking: boolean;
  readonly limits: StreamLimits;
  readonly openStreams: Gauge;
}

/** An answer as newline-delimited JSON. Nothing is sent before `sink.start`, so that failures before it keep their status. */
export const createAnswerStream = (options: AnswerStreamOptions) => {
  const { response, model, shape, clock, showThinking, limits, openStreams } = options;
  let stream: LineStream | undefined;
  const line = (piece: AnswerPiece, done = false, extra: object = {}): string =>
    `${toJsonLine({ model, created_at: new Date().toISOString(), ...shape(piece), done, ...extra })}\n`;
  const write = async (piece: AnswerPiece): Promise<void> => {
    clock.first();
    await stream?.write(line(piece));
  };

  const sink: ChatSink = {
    async start(threadId) {
      if (threadId !== undefined) response.setHeader("X-Athena-Thread", threadId);
      response.status(200).setHeader("Content-Type", "application/x-ndjson");
      response.setHeader("Cache-Control", "no-cache");
      response.setHeader("X-Accel-Buffering", "no");
      stream = openLineStream(response, { keepAlive: () => line({}), limits, openStreams });
    },
    text: (text) => write({ text }),
    reasoning: (thinking) => (showThinking ? write({ thinking }) : Promise.resolve()),
    toolCall: (call, index) => write({ toolCalls: [{ call, index }] }),
  };

  return {
    sink,
    get started() {
      return stream !== undefined;
    },
    async finish({ finishReason, usage }: ChatOutcome): Promise<void> {
      const done_reason = finishReason === "length" ? "length" : "stop";
      await stream?.end(line({}, true, { done_reason, ...clock.metrics(usage) }));
    },
    /** A line with the error's text; no `done` line, so that nobody takes the answer for whole. */
    async fail(error: AppError): Promise<void> {
      await stream?.end(`${toJsonLine({ error: error.message })}\n`);
    },
  };
};
