import type { EgressPermit } from "../../platform/egress/egress.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ChatEvent, ModelGateway } from "../../platform/models/model-gateway.ts";
import { createAnswerCollector } from "./answer-collector.ts";
import type { ChatTurn, RunChatTurn } from "./chat-turn.ts";
import type { BeginLoggedCall } from "./create-logged-call.ts";
import { given } from "./given.ts";

export interface RawTurnDeps {
  readonly models: Pick<ModelGateway, "stream">;
  readonly beginCall: BeginLoggedCall;
  readonly deadlineMs: number;
  /** A stream starts with the upstream's first event, at the latest after this time. */
  readonly firstByteMs: number;
}

const requestOf = (turn: ChatTurn, permit: EgressPermit, signal: AbortSignal, { deadlineMs }: RawTurnDeps) => ({
  model: turn.model.id,
  messages: turn.messages,
  ...turn.sampling,
  ...turn.provider,
  ...given({
    tools: turn.tools,
    toolChoice: turn.toolChoice,
    parallelToolCalls: turn.parallelToolCalls,
    responseFormat: turn.responseFormat,
  }),
  permit,
  signal,
  deadlineAt: performance.now() + deadlineMs,
});

/** Answers a chat turn with a provider's own model: no graph, no memory, no evidence. Errors are the gateway's. */
export const createRunRawTurn = (deps: RawTurnDeps): RunChatTurn =>
  async function runRawTurn(turn, { principal, surface, signal }, sink) {
    const answer = createAnswerCollector(turn, sink);
    let started: Promise<void> | undefined;
    const start = (): Promise<void> => {
      started ??= sink?.start(undefined) ?? Promise.resolve();
      return started;
    };
    const timer = setTimeout(() => void start(), deps.firstByteMs);
    const call = deps.beginCall({ control: turn.control, principal: principal.id, surface, agent: "model" });
    let model: string | undefined;
    let finish: Extract<ChatEvent, { type: "finish" }> | undefined;
    try {
      for await (const event of deps.models.stream(requestOf(turn, call.permit, signal, deps))) {
        await start();
        if (event.type === "start") model = event.model;
        else if (event.type === "text") await answer.addText(event.text);
        else if (event.type === "reasoning") await answer.addReasoning(event.text);
        else if (event.type === "toolCall") await answer.addCall(event.call);
        else if (event.type === "finish") finish = event;
      }
    } finally {
      clearTimeout(timer);
      await call.end({ ...given({ model, usage: finish?.usage }) });
    }
    if (finish === undefined) {
      throw new AppError("PROVIDER_SERVER_ERROR", "The model's answer broke off.", { retryable: false });
    }
    await answer.end();
    const stopped = answer.stopped || finish.reason === "tool_calls";
    return {
      text: answer.text,
      reasoning: answer.reasoning,
      toolCalls: answer.toolCalls,
      finishReason: answer.toolCalls.length > 0 ? "tool_calls" : stopped ? "stop" : finish.reason,
      usage: finish.usage,
      evidence: [],
      athena: undefined,
    };
  };
