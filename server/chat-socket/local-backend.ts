import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { QueryResult } from "../../graphs/query-engine.ts";
import { isAppError } from "../../platform/errors/app-error.ts";
import { given } from "../chat/given.ts";
import type { Identify } from "../clients/identify.ts";
import { answerOnce } from "../native/answer-once.ts";
import { QueryReply } from "../native/query-request.ts";
import { toMessageReply } from "../native/thread-replies.ts";
import { toQueryInput, toQueryReply } from "../native/to-query.ts";
import type { ServerDeps } from "../server-deps.ts";
import type { ChatBackend, ChatMessage, MessagesPage } from "./chat-backend.ts";
import { createEnterThread } from "./enter-thread.ts";
import { createSharedReads } from "./shared-reads.ts";

export interface LocalBackendDeps
  extends Pick<ServerDeps, "timeline" | "threadChanges" | "channels" | "engine" | "idempotency"> {
  readonly identify: Identify;
}

const mostChanged = 500;

const metaOf = ({ mentions }: ChatMessage): Record<string, unknown> => ({ surface: "chat", ...given({ mentions }) });

/** Chat on the engine in this process. */
export const createLocalBackend = ({
  timeline,
  threadChanges,
  channels,
  engine,
  idempotency,
  identify,
}: LocalBackendDeps): ChatBackend => {
  const enterThread = createEnterThread({ timeline, threadChanges, channels });
  const sharedPage = createSharedReads<MessagesPage>();
  return {
    async identify(token, { headers }) {
      const principal = await identify(
        token === undefined ? headers : { ...headers, authorization: `Bearer ${token.trim()}` },
      );
      return { id: principal.id, principal, token };
    },

    enter: (caller, where) => enterThread(caller.principal, where),

    messages: (caller, threadId, { after, limit }) =>
      sharedPage(JSON.stringify([caller.id, threadId, after, limit]), async () => {
        const { messages, nextAfter } = await timeline.messages(caller.principal, threadId, { after, limit });
        return { messages: messages.map(toMessageReply), more: nextAfter !== undefined };
      }),

    async changed(caller, threadId, { upTo, time }) {
      const changed = await timeline.changed(caller.principal, threadId, { since: time, limit: mostChanged });
      return changed.filter(({ position }) => position <= upTo).map(toMessageReply);
    },

    async say(caller, thread, message) {
      const principal = caller.principal;
      const id = keyedMessageId(thread.id, principal.id, message.key);
      try {
        await timeline.open({
          principal,
          threadId: thread.id,
          mode: message.mode ?? "open",
          messages: [{ id, role: "user", author: principal.id, content: message.text, meta: metaOf(message) }],
        });
      } catch (error) {
        // An erased thread is the other conflict.
        if (!isAppError(error, "CONFLICT") || error.cause === undefined) throw error;
      }
    },

    async ask(caller, thread, message, { requestId, signal, onEvent }) {
      const principal = caller.principal;
      const { key, text, mentions, mode, consent, locale, timezone } = message;
      const body = { text, mentions, mode, consent, locale, timezone, thread_id: thread.id, key };
      const requestKey = `${thread.id} ${key}`;
      const input = { ...toQueryInput(body, { principal, requestId, requestKey, signal }), surface: "chat" as const };
      let result: QueryResult | undefined;
      const once = await answerOnce(
        idempotency,
        { scope: `${principal.id} /ws/chat ${thread.id}`, key, body },
        async () => {
          result = await engine.run(input, async (event) => {
            if (event.type === "text" || event.type === "reasoning") await onEvent(event);
            if (event.type === "accepted") await onEvent({ type: "accepted" });
          });
          return result.refused
            ? { status: 403, body: { refused: result.answer } }
            : { status: 200, body: toQueryReply(result) };
        },
      );
      if (once.status !== 200) return { state: "refused", message: (once.body as { refused: string }).refused };
      return {
        state: "answered",
        reply: QueryReply.parse(once.body),
        answered: result?.answered,
        receipt: result?.receipt,
        replayed: once.replayed,
      };
    },

    async edit(caller, threadId, messageId, text) {
      await threadChanges.edit({ principal: caller.principal, threadId, messageId, content: text });
    },

    async remove(caller, threadId, messageId) {
      await threadChanges.remove({ principal: caller.principal, threadId, messageId });
    },
  };
};
