import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type ErrorCode, errorCodes } from "../../platform/errors/error-codes.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { AskEvent, Asked, ChatMessage, ChatThread, WireMessage } from "../chat-socket/chat-backend.ts";
import type { Where } from "../chat-socket/enter-thread.ts";
import { QueryReply } from "../native/query-request.ts";
import { MessageReply, ReceiptReply } from "../native/thread-replies.ts";
import { EnterReply } from "../routes/chat-socket.ts";
import { MeReply } from "../routes/me.ts";
import type { AppendOutcome } from "./flush-thread.ts";
import type { FrontEntry } from "./front-entry.ts";
import { readEventStream } from "./read-event-stream.ts";

type Token = string | undefined;

/** A thread with the count of its edits and deletions: what was read before holds while that stays. */
export interface EnteredThread extends ChatThread {
  readonly revisions: number;
}

export interface EnginePage {
  readonly messages: readonly WireMessage[];
  readonly more: boolean;
  readonly mode: Mode;
  readonly revisions: number;
}

/**
 * The engine behind a front, over HTTP, always with the caller's own key.
 * @throws {AppError} every call: what the engine answered; UPSTREAM_UNAVAILABLE when it did not.
 */
export interface EngineClient {
  me(token: Token): Promise<Principal>;
  enter(token: Token, where: Where): Promise<EnteredThread>;
  messages(
    token: Token,
    threadId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<EnginePage>;
  changed(token: Token, threadId: string, since: Date): Promise<readonly WireMessage[]>;
  append(
    token: Token,
    threadId: string,
    sincePosition: number,
    messages: readonly FrontEntry[],
  ): Promise<AppendOutcome>;
  /** Both give the message's position. */
  edit(token: Token, threadId: string, messageId: string, text: string): Promise<number>;
  remove(token: Token, threadId: string, messageId: string): Promise<number>;
  ask(
    token: Token,
    threadId: string,
    message: ChatMessage,
    run: { readonly signal: AbortSignal; readonly onEvent: (event: AskEvent) => Promise<void> | void },
  ): Promise<Asked>;
  /** Whether it is there. */
  alive(): Promise<boolean>;
}

export interface EngineClientDeps {
  readonly url: string;
  /** Longest time for one answer; a query may take `queryMs`. */
  readonly timeoutMs?: number;
  readonly queryMs: number;
  readonly fetch?: typeof globalThis.fetch;
}

const Failure = z.object({
  error: z.object({
    message: z.string(),
    code: z.string().nullish(),
    param: z.string().nullish(),
    expected_position: z.int().optional(),
  }),
});
const MessagesReply = z.object({
  messages: z.array(MessageReply),
  next_after: z.int().nullable(),
  mode: Mode,
  revisions: z.int(),
});
const ChangedReply = z.object({ messages: z.array(MessageReply) });
const AppendReply = z.object({ last_position: z.int(), mode: Mode });
const ReceiptsReply = z.object({ receipts: z.array(ReceiptReply) });
const Delta = z.object({ text: z.string() });

const away = (cause?: unknown): AppError =>
  new AppError("UPSTREAM_UNAVAILABLE", "The back end cannot be reached.", { cause });

/**
 * The engine's own failure, as it would have been thrown there; what is none of its answers counts as its absence, but for 413: a
 * proxy before the engine will find the same request too large each time.
 */
const toAppError = (body: unknown, status?: number): AppError => {
  const failure = Failure.safeParse(body);
  const code = failure.data?.error.code?.toUpperCase() as ErrorCode | undefined;
  if (!failure.success || code === undefined || !(code in errorCodes)) {
    return status === 413 ? new AppError("TOO_LARGE", "It is too large for the way to the back end.") : away();
  }
  const { message, param, expected_position } = failure.data.error;
  // A fault of the engine's own may be gone the next time.
  if (code === "INTERNAL") return new AppError("UPSTREAM_UNAVAILABLE", "The back end failed.");
  return new AppError(code, message, {
    ...(param ? { field: param } : {}),
    ...(expected_position === undefined ? {} : { facts: { expected_position } }),
  });
};

const parsed = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
  const result = schema.safeParse(value);
  if (!result.success) throw away(result.error);
  return result.data;
};

export const createEngineClient = ({
  url,
  timeoutMs = 5_000,
  queryMs,
  fetch = globalThis.fetch,
}: EngineClientDeps): EngineClient => {
  const base = url.replace(/\/+$/, "");

  const open = async (
    token: Token,
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: "error",
        signal,
      });
    } catch (cause) {
      throw away(cause);
    }
  };

  const call = async (token: Token, method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await open(token, method, path, body, AbortSignal.timeout(timeoutMs));
    let content: unknown;
    try {
      content = response.status === 204 ? undefined : await response.json();
    } catch (cause) {
      throw response.status === 413 ? toAppError(undefined, 413) : away(cause);
    }
    if (!response.ok) throw toAppError(content, response.status);
    return content;
  };

  const threadPath = (threadId: string, rest = ""): string => `/threads/${encodeURIComponent(threadId)}${rest}`;

  return {
    me: async (token) => parsed(MeReply, await call(token, "GET", "/me")),

    async enter(token, { channel, threadId }) {
      const body = { channel_id: channel === "direct" ? undefined : channel, thread_id: threadId };
      const entered = parsed(EnterReply, await call(token, "POST", "/channels/enter", body));
      return {
        id: entered.thread_id,
        channelId: entered.channel_id,
        kind: entered.kind,
        agents: entered.agents,
        mode: entered.mode,
        lastPosition: entered.last_position,
        revisions: entered.revisions,
      };
    },

    async messages(token, threadId, { after, limit }) {
      const path = threadPath(threadId, `/messages?after=${after}&limit=${limit}`);
      const page = parsed(MessagesReply, await call(token, "GET", path));
      return { messages: page.messages, more: page.next_after !== null, mode: page.mode, revisions: page.revisions };
    },

    async changed(token, threadId, since) {
      const path = threadPath(threadId, `/changed?limit=500&since=${encodeURIComponent(since.toISOString())}`);
      return parsed(ChangedReply, await call(token, "GET", path)).messages;
    },

    async append(token, threadId, sincePosition, messages) {
      const body = {
        since_position: sincePosition,
        messages: messages.map(({ key, text, createdAt, meta }) => ({
          key,
          role: "user",
          content: text,
          created_at: createdAt,
          meta,
        })),
      };
      try {
        const { last_position, mode } = parsed(
          AppendReply,
          await call(token, "POST", threadPath(threadId, "/append"), body),
        );
        return { state: "ok", lastPosition: last_position, mode };
      } catch (error) {
        const expected = error instanceof AppError ? error.facts?.expected_position : undefined;
        if (typeof expected === "number") return { state: "conflict", expectedPosition: expected };
        throw error;
      }
    },

    async edit(token, threadId, messageId, text) {
      const path = threadPath(threadId, `/messages/${encodeURIComponent(messageId)}`);
      return parsed(MessageReply, await call(token, "PATCH", path, { content: text })).position;
    },

    async remove(token, threadId, messageId) {
      await call(token, "DELETE", threadPath(threadId, `/messages/${encodeURIComponent(messageId)}`));
      const changed = await this.changed(token, threadId, new Date(Date.now() - 60_000));
      return changed.find(({ id }) => id === messageId)?.position ?? 1;
    },

    async ask(token, threadId, { key, text, mentions, mode, consent, locale, timezone }, { signal, onEvent }) {
      const body = { thread_id: threadId, key, text, mentions, mode, consent, locale, timezone, source: "chat" };
      const limit = AbortSignal.any([signal, AbortSignal.timeout(queryMs)]);
      const response = await open(token, "POST", "/ai/query", body, limit, {
        accept: "text/event-stream",
        "idempotency-key": `front ${threadId} ${key}`.replaceAll(" ", ":"),
      });
      if (!response.ok || response.body === null) {
        const error = toAppError(await response.json().catch(() => undefined), response.status);
        if (error.code === "EGRESS_BLOCKED") return { state: "refused", message: error.message };
        throw error;
      }
      try {
        for await (const { event, data } of readEventStream(response.body)) {
          const content: unknown = JSON.parse(data);
          if (event === "accepted") await onEvent({ type: "accepted" });
          else if (event === "delta") await onEvent({ type: "text", text: parsed(Delta, content).text });
          else if (event === "reasoning") await onEvent({ type: "reasoning", text: parsed(Delta, content).text });
          else if (event === "error") {
            const error = toAppError(content);
            if (error.code === "EGRESS_BLOCKED") return { state: "refused", message: error.message };
            throw error;
          } else if (event === "done") {
            const reply = parsed(QueryReply, content);
            const receipts = await call(token, "GET", threadPath(threadId, "/receipts?limit=1"))
              .then((found) => parsed(ReceiptsReply, found).receipts)
              .catch(() => []);
            const replayed = response.headers.get("idempotency-replayed") === "true";
            return { state: "answered", reply, receipt: receipts[0]?.lines, replayed };
          }
        }
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw away(error);
      }
      throw away();
    },

    async alive() {
      return open(undefined, "GET", "/health", undefined, AbortSignal.timeout(1_000)).then(
        ({ ok }) => ok,
        () => false,
      );
    },
  };
};
