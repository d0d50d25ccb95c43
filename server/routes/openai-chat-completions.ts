import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { RunChatTurn } from "../chat/chat-turn.ts";
import type { ModelDirectory } from "../chat/model-directory.ts";
import { logFailure, toFailure } from "../errors/failure.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import type { StreamLimits } from "../http/line-stream.ts";
import { ChatCompletion, toChatCompletion } from "../openai/chat-reply.ts";
import { ChatCompletionRequest } from "../openai/chat-request.ts";
import { createChatStream } from "../openai/chat-stream.ts";
import { isLegacy } from "../openai/map-tools.ts";
import { modelNotFound } from "../openai/model-not-found.ts";
import { toChatTurn } from "../openai/to-chat-turn.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

export interface ChatCompletionsDeps extends Pick<ServerDeps, "logger" | "metrics"> {
  readonly directory: ModelDirectory;
  readonly runChatTurn: RunChatTurn;
  readonly stream: StreamLimits;
}

/** POST /v1/chat/completions: one answer, whole or as server-sent events. */
export const createChatCompletionsRoute = ({
  directory,
  runChatTurn,
  stream: limits,
  logger,
  metrics,
}: ChatCompletionsDeps): Route =>
  defineRoute({
    method: "post",
    path: "/v1/chat/completions",
    aliases: ["/chat/completions"],
    surface: "openai",
    access: "key",
    summary: "Answers a conversation; with `stream` piece by piece.",
    body: ChatCompletionRequest,
    replies: {
      200: {
        description: "The answer.",
        content: { "application/json": ChatCompletion, "text/event-stream": z.string() },
      },
    },
    async handle({ request, response, requestId, principal, body }) {
      const model = await directory.findCallable(body.model);
      if (model === undefined) throw modelNotFound(body.model);
      const turn = toChatTurn(body, request.headers, model);
      const { headers } = request;
      const caller = { principal, surface: "openai" as const, headers, requestId, signal: hangUpSignal(response) };
      const identity = {
        id: `chatcmpl-${randomUUID()}`,
        created: Math.floor(Date.now() / 1000),
        model: body.model,
        legacy: isLegacy(body),
      };
      if (body.stream !== true) {
        const outcome = await runChatTurn(turn, caller);
        if (outcome.athena !== undefined) response.setHeader("X-Athena-Thread", outcome.athena.thread_id);
        response.json(toChatCompletion(outcome, identity));
        return;
      }
      const includeUsage = body.stream_options?.include_usage === true;
      const stream = createChatStream({ response, identity, includeUsage, limits, openStreams: metrics.openStreams });
      try {
        await stream.finish(await runChatTurn(turn, caller, stream.sink));
      } catch (thrown) {
        if (!stream.started) throw thrown;
        const failure = toFailure(thrown);
        logFailure(logger, failure, requestId);
        await stream.fail(failure.error, requestId);
      }
    },
  });
