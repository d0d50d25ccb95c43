import type { ToolCall } from "../../platform/models/model-gateway.ts";
import { createCallGuard } from "./call-guard.ts";
import type { ChatSink, ChatTurn } from "./chat-turn.ts";
import { createTextFilter } from "./text-filter.ts";

/** Passes an answer's pieces through stop sequences and call rules on to the sink, and keeps what passed. */
export const createAnswerCollector = (turn: ChatTurn, sink: ChatSink | undefined) => {
  const filter = createTextFilter(turn.sampling.stop ?? []);
  const guard = createCallGuard(turn);
  let text = "";
  let reasoning = "";
  const show = async (piece: string): Promise<void> => {
    if (piece === "") return;
    text += piece;
    await sink?.text(piece);
  };
  return {
    get text() {
      return text;
    },
    get reasoning() {
      return reasoning;
    },
    toolCalls: guard.passed,
    get stopped() {
      return filter.stopped;
    },
    addText: (piece: string): Promise<void> => show(filter.push(piece)),
    async addReasoning(piece: string): Promise<void> {
      if (piece === "") return;
      reasoning += piece;
      await sink?.reasoning(piece);
    },
    async addCall(call: ToolCall): Promise<void> {
      if (!guard.admits(call)) return;
      await show(filter.end()); // text comes before the calls that follow it
      await sink?.toolCall(call, guard.passed.length - 1);
    },
    end: (): Promise<void> => show(filter.end()),
  };
};
