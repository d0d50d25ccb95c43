import type { Response } from "express";
import type { Gauge } from "prom-client";
import type { QueryEvent } from "../../graphs/query-engine.ts";
import { toJsonLine } from "../http/json-line.ts";
import { type LineStream, openLineStream, type StreamLimits } from "../http/line-stream.ts";
import { setEventStreamHeaders } from "../openai/chat-stream.ts";
import type { QueryReply } from "./query-request.ts";

/** A query as named server-sent events: `accepted`, then `delta` and `reasoning`, then `done` or `error`. */
export const createQueryStream = (
  response: Response,
  { limits, openStreams }: { readonly limits: StreamLimits; readonly openStreams: Gauge },
) => {
  let stream: LineStream | undefined;
  const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${toJsonLine(data)}\n\n`;
  const start = async ({
    thread_id,
    message_id,
    position,
  }: Pick<QueryReply, "thread_id" | "message_id" | "position">) => {
    response.setHeader("X-Athena-Thread", thread_id);
    setEventStreamHeaders(response);
    stream = openLineStream(response, { keepAlive: () => ": keep-alive\n\n", limits, openStreams });
    await write(event("accepted", { thread_id, message_id, position }));
  };
  const write = async (text: string): Promise<void> => stream?.write(text);
  return {
    get started() {
      return stream !== undefined;
    },
    async onEvent(query: QueryEvent): Promise<void> {
      if (query.type === "accepted") {
        await start({ thread_id: query.threadId, message_id: query.messageId, position: query.position });
      } else if (query.type !== "toolCall") {
        await write(event(query.type === "text" ? "delta" : "reasoning", { text: query.text }));
      }
    },
    /** The last event. A stored answer had no events of its own yet: it gets the same ones. */
    async done(reply: QueryReply): Promise<void> {
      if (stream === undefined) {
        await start(reply);
        await write(event("delta", { text: reply.answer }));
      }
      await stream?.end(event("done", reply));
    },
    /** Ends with an error's envelope. */
    fail: async (envelope: unknown): Promise<void> => stream?.end(event("error", envelope)),
  };
};
