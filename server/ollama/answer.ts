import type { ChatOutcome, ChatTurn, RunChatTurn } from "../chat/chat-turn.ts";
import type { ModelDirectory, ServedModel } from "../chat/model-directory.ts";
import { logFailure, toFailure } from "../errors/failure.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import type { StreamLimits } from "../http/line-stream.ts";
import type { Call } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";
import { createAnswerClock } from "./answer-clock.ts";
import type { AnswerShape } from "./answer-shape.ts";
import { createAnswerStream } from "./answer-stream.ts";
import { isUnload } from "./keep-alive.ts";
import { ollamaModelNotFound } from "./model-not-found.ts";
import type { OllamaGeneration } from "./requests.ts";

export interface OllamaAnswerDeps extends Pick<ServerDeps, "logger" | "metrics"> {
  readonly directory: ModelDirectory;
  readonly runChatTurn: RunChatTurn;
  readonly stream: StreamLimits;
}

export interface OllamaAnswerRequest<Body> {
  readonly call: Call<Body>;
  readonly shape: AnswerShape;
  /** Undefined when the request says nothing: then the model is loaded or unloaded. */
  readonly toTurn: ((model: ServedModel) => ChatTurn) | undefined;
}

/** Answers `chat` and `generate`: load or unload, one object, or a stream of lines. */
export const createOllamaAnswer = ({ directory, runChatTurn, stream: limits, logger, metrics }: OllamaAnswerDeps) =>
  async function answerOllama<Body extends OllamaGeneration>(request: OllamaAnswerRequest<Body>): Promise<void> {
    const { call, shape, toTurn } = request;
    const { response, requestId, principal, body } = call;
    const served = await directory.findCallable(body.model);
    if (served === undefined) throw ollamaModelNotFound(body.model);
    const { model } = body;
    const created_at = new Date().toISOString();
    if (toTurn === undefined) {
      const done_reason = isUnload(body.keep_alive) ? "unload" : "load";
      response.json({ model, created_at, ...shape({}), done: true, done_reason });
      return;
    }
    const turn = toTurn(served);
    const { headers } = call.request;
    const caller = { principal, surface: "ollama" as const, headers, requestId, signal: hangUpSignal(response) };
    const clock = createAnswerClock();
    const showThinking = body.think !== false;
    if (body.stream === false) {
      const outcome = await runChatTurn(turn, caller);
      if (outcome.athena !== undefined) response.setHeader("X-Athena-Thread", outcome.athena.thread_id);
      response.json({
        model,
        created_at: new Date().toISOString(),
        ...shape(wholeOf(outcome, showThinking)),
        done: true,
        done_reason: outcome.finishReason === "length" ? "length" : "stop",
        ...clock.metrics(outcome.usage),
      });
      return;
    }
    const { openStreams } = metrics;
    const stream = createAnswerStream({ response, model, shape, clock, showThinking, limits, openStreams });
    try {
      await stream.finish(await runChatTurn(turn, caller, stream.sink));
    } catch (thrown) {
      if (!stream.started) throw thrown;
      const failure = toFailure(thrown);
      logFailure(logger, failure, requestId);
      await stream.fail(failure.error);
    }
  };

const wholeOf = ({ text, reasoning, toolCalls }: ChatOutcome, showThinking: boolean) => ({
  text,
  ...(showThinking && reasoning !== "" ? { thinking: reasoning } : {}),
  toolCalls: toolCalls.map((call, index) => ({ call, index })),
});
