import type { QueryEngine, QueryEvent, QueryResult } from "../../graphs/query-engine.ts";
import type { FinishReason } from "../../platform/models/model-gateway.ts";
import { toPlainSpeech } from "../clients/plain-speech.ts";
import { createAnswerCollector } from "./answer-collector.ts";
import { toAthenaMeta } from "./athena-meta.ts";
import type { ChatCaller, RunChatTurn } from "./chat-turn.ts";
import { given } from "./given.ts";

const finishReasonOf = (result: QueryResult, calls: number, stopped: boolean): FinishReason => {
  if (calls > 0) return "tool_calls";
  return stopped || result.finishReason === "tool_calls" ? "stop" : result.finishReason;
};

const visible = /^[\x21-\x7e]{1,255}$/;

/** The client's own name for a request that it may send again. */
const requestKeyOf = ({ "idempotency-key": key }: ChatCaller["headers"]): string | undefined =>
  typeof key === "string" && visible.test(key) ? key : undefined;

/** Answers a chat turn with the graph. Errors are the engine's. */
export const createRunEngineTurn = ({ engine }: { readonly engine: QueryEngine }): RunChatTurn =>
  async function runEngineTurn(turn, { principal, surface, headers, requestId, signal }, sink) {
    const answer = createAnswerCollector(turn, sink);
    let sawText = false;
    const spoken = turn.control.voice ? toPlainSpeech : (text: string) => text;
    const onEvent = async (event: QueryEvent): Promise<void> => {
      if (event.type === "accepted") return sink?.start(event.threadId);
      if (event.type === "reasoning") return answer.addReasoning(event.text);
      if (event.type === "toolCall") return answer.addCall(event.call);
      sawText ||= event.text !== "";
      return answer.addText(spoken(event.text));
    };
    const result = await engine.run(
      {
        principal,
        surface,
        requestId,
        signal,
        messages: turn.messages,
        ...turn.control,
        sampling: turn.sampling,
        ...given({
          clientTools: turn.tools,
          toolChoice: turn.toolChoice,
          parallelToolCalls: turn.parallelToolCalls,
          responseFormat: turn.responseFormat,
          meta: turn.meta,
          requestKey: requestKeyOf(headers),
        }),
      },
      sink && onEvent,
    );
    // What came without events: everything when nothing is streamed, a fixed answer otherwise.
    if (!sink && result.reasoning !== undefined) await answer.addReasoning(result.reasoning);
    if (!sawText) await answer.addText(spoken(result.answer));
    for (const call of result.toolCalls) await answer.addCall(call);
    await answer.end();
    return {
      text: answer.text,
      reasoning: answer.reasoning,
      toolCalls: answer.toolCalls,
      finishReason: finishReasonOf(result, answer.toolCalls.length, answer.stopped),
      usage: result.usage,
      evidence: result.evidence,
      athena: toAthenaMeta(result),
    };
  };
