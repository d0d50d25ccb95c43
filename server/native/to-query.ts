import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { QueryInput, QueryResult } from "../../graphs/query-engine.ts";
import { toAthenaMeta } from "../chat/athena-meta.ts";
import { given } from "../chat/given.ts";
import { toThreadId } from "../chat/query-control.ts";
import type { QueryReply, QueryRequest } from "./query-request.ts";

type Caller = Pick<QueryInput, "principal" | "requestId" | "requestKey" | "signal">;

/** The id that the caller's key gives the message; a fresh thread holds none yet that it could be. */
const messageIdOf = ({ thread_id, key }: QueryRequest, { principal }: Caller): string | undefined =>
  thread_id && key ? keyedMessageId(thread_id, principal.id, key) : undefined;

/** A native query in the engine's form. @throws {AppError} NOT_FOUND for an impossible thread id. */
export const toQueryInput = (body: QueryRequest, caller: Caller): QueryInput => ({
  ...caller,
  surface: "ai-query",
  messages: [{ role: "user", content: body.text }],
  mode: body.mode ?? "open",
  consent: body.consent ?? false,
  meta: given({ sender: body.sender, mentions: body.mentions, source: body.source, ts: body.ts }),
  ...given({
    threadId: body.thread_id ? toThreadId(body.thread_id) : undefined,
    messageId: messageIdOf(body, caller),
    scope: body.scope,
    teamId: body.team_id,
    locale: body.locale,
    timezone: body.timezone,
  }),
});

/** The finished query as the native surface says it. */
export const toQueryReply = (result: QueryResult): QueryReply => ({
  ...toAthenaMeta(result),
  message_id: result.messageId,
  position: result.position,
  answer: result.answer,
  usage: {
    prompt_tokens: result.usage.promptTokens,
    completion_tokens: result.usage.completionTokens,
    total_tokens: result.usage.promptTokens + result.usage.completionTokens,
  },
});
