import type { ChatMessage, ToolCall } from "../../platform/models/model-gateway.ts";
import { textOf } from "../conversation.ts";

/** A call of this turn and what the client's tool gave back; undefined while there is no result. */
export interface HomeCall {
  readonly call: ToolCall;
  readonly result?: string;
}

/** What a request's messages hold of the turn that is going on. */
export interface HomeTurn {
  /** The user's words. */
  readonly text: string;
  /** The assistant's question that these words may answer, and the words that made it ask. */
  readonly asked?: { readonly question: string; readonly about: string };
  /** Calls since the user spoke, in order. */
  readonly calls: readonly HomeCall[];
}

/** Reads the newest turn: the user's words, what was asked before them, and the calls made since. */
export const readHomeTurn = (messages: readonly ChatMessage[]): HomeTurn | undefined => {
  const spoken = messages.filter(({ role }) => role !== "system");
  const userAt = spoken.findLastIndex(({ role }) => role === "user");
  const user = spoken[userAt];
  if (!user) return undefined;
  const question = spoken[userAt - 1];
  const before = spoken.slice(0, Math.max(0, userAt - 1)).findLast(({ role }) => role === "user");
  const isAsked = question?.role === "assistant" && !question.toolCalls?.length && /\?\s*$/.test(question.content);
  return {
    text: textOf(user),
    ...(isAsked && before ? { asked: { question: question.content.trim(), about: textOf(before) } } : {}),
    calls: callsOf(spoken.slice(userAt + 1)),
  };
};

const callsOf = (messages: readonly ChatMessage[]): HomeCall[] => {
  const results = new Map(
    messages.flatMap((message) => (message.role === "tool" ? [[message.toolCallId, message.content] as const] : [])),
  );
  return messages
    .flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []))
    .map((call) => {
      const result = results.get(call.id);
      return result === undefined ? { call } : { call, result };
    });
};
