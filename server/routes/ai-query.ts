import type { Response } from "express";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { logFailure, toFailure } from "../errors/failure.ts";
import { toNativeError } from "../errors/native-error.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import type { StreamLimits } from "../http/line-stream.ts";
import { answerOnce, type StoredAnswer } from "../native/answer-once.ts";
import { QueryReply, QueryRequest } from "../native/query-request.ts";
import { createQueryStream } from "../native/query-stream.ts";
import { toQueryInput, toQueryReply } from "../native/to-query.ts";
import { type Call, defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

export interface AiQueryDeps extends Pick<ServerDeps, "engine" | "idempotency" | "logger" | "metrics"> {
  readonly stream: StreamLimits;
}

const refused = (answer: string): AppError => new AppError("EGRESS_BLOCKED", answer);

const answerJson = (response: Response, { status, body }: StoredAnswer): void => {
  const reply = QueryReply.safeParse(body);
  if (reply.success) response.setHeader("X-Athena-Thread", reply.data.thread_id);
  response.status(status).json(body);
};

/** POST /ai/query: the native way to ask, as JSON or, with `Accept: text/event-stream`, as named events. */
export const createAiQueryRoute = ({ engine, idempotency, logger, metrics, stream: limits }: AiQueryDeps): Route => {
  const handle = async ({ request, response, requestId, principal, body }: Call<QueryRequest>): Promise<void> => {
    const streams = request.headers.accept?.includes("text/event-stream") ?? false;
    const stream = createQueryStream(response, { limits, openStreams: metrics.openStreams });
    const key = request.get("Idempotency-Key");
    const input = toQueryInput(body, {
      ...{ principal, requestId, signal: hangUpSignal(response) },
      ...(key === undefined ? {} : { requestKey: key }),
    });
    const answer = async (): Promise<StoredAnswer> => {
      const result = await engine.run(input, streams ? stream.onEvent : undefined);
      return result.refused
        ? { status: 403, body: toNativeError(refused(result.answer), requestId) }
        : { status: 200, body: toQueryReply(result) };
    };
    // A message that the caller named is answered once, under whatever keys its requests come.
    const { messageId } = input;
    const named = messageId && { scope: `${principal.id} POST /ai/query message`, key: messageId, field: "key", body };
    const ask = (): Promise<StoredAnswer> => (named ? answerOnce(idempotency, named, answer) : answer());
    try {
      const once = await answerOnce(idempotency, { scope: `${principal.id} POST /ai/query`, key, body }, ask);
      if (once.replayed) response.setHeader("Idempotency-Replayed", "true");
      if (once.status === 200 && streams) await stream.done(QueryReply.parse(once.body));
      else if (stream.started) await stream.fail(once.body);
      else answerJson(response, once);
    } catch (thrown) {
      if (!stream.started) throw thrown;
      const failure = toFailure(thrown);
      logFailure(logger, failure, requestId);
      await stream.fail(toNativeError(failure.error, requestId));
    }
  };
  return defineRoute({
    method: "post",
    path: "/ai/query",
    surface: "native",
    access: "key",
    summary: "Asks one question in a thread.",
    body: QueryRequest,
    replies: {
      200: { description: "The answer.", content: { "application/json": QueryReply, "text/event-stream": z.string() } },
    },
    handle,
  });
};
