import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { ChannelKind } from "../../atlas/channels.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { QueryReply } from "../native/query-request.ts";
import type { MessageReply } from "../native/thread-replies.ts";
import type { MessageFrame } from "./client-frames.ts";

export type WireMessage = z.infer<typeof MessageReply>;

/** Who is connected. `token` is what a front acts with. */
export interface ChatCaller {
  readonly id: string;
  readonly principal: Principal;
  readonly token: string | undefined;
}

/** The thread that a connection is on. */
export interface ChatThread {
  readonly id: string;
  readonly channelId: string;
  readonly kind: ChannelKind;
  /** Who answers in it, beside Athena herself. */
  readonly agents: readonly string[];
  readonly mode: Mode;
  readonly lastPosition: number;
}

export interface MessagesPage {
  /** Oldest first, each with its position. */
  readonly messages: readonly WireMessage[];
  readonly more: boolean;
  /** What a front has accepted and not yet brought into the thread, oldest first; their positions mean nothing. */
  readonly pending?: readonly WireMessage[];
}

/** A message that was acknowledged, and then refused for good; `code` is that of the refusal, where it is known. */
export interface RefusedNotice {
  readonly messageId: string;
  readonly code: string | undefined;
}

/** A message with the key that names it; `ref` is what the client calls it. */
export interface ChatMessage extends MessageFrame {
  readonly key: string;
}

export type AskEvent = { readonly type: "accepted" } | { readonly type: "text" | "reasoning"; readonly text: string };

/** How asking ended. */
export type Asked =
  | {
      readonly state: "answered";
      readonly reply: QueryReply;
      readonly answered?: { readonly messageId: string; readonly position: number } | undefined;
      readonly receipt?: readonly object[] | undefined;
      readonly replayed: boolean;
    }
  | { readonly state: "refused"; readonly message: string }
  /** Kept without an answer, because what answers is away. */
  | { readonly state: "kept"; readonly part: string; readonly reason: string };

/**
 * What connections stand on: the engine in this process, or a front's buffer and the engine behind it. Every call is bound to
 * what the caller sees; another's thread is the same NOT_FOUND as a missing one.
 */
export interface ChatBackend {
  /**
   * `peer`: the address that the connection comes from.
   * @throws {AppError} UNAUTHENTICATED; UPSTREAM_UNAVAILABLE when nobody can tell.
   */
  identify(
    token: string | undefined,
    handshake: { readonly headers: IncomingHttpHeaders; readonly peer: string | undefined },
  ): Promise<ChatCaller>;
  /** The thread of that id, or the channel's live one, which is made when it is not there. @throws {AppError} NOT_FOUND */
  enter(
    caller: ChatCaller,
    where: { readonly channel?: string | undefined; readonly threadId?: string | undefined },
  ): Promise<ChatThread>;
  /** @throws {AppError} NOT_FOUND once the caller may not see the thread any more. */
  messages(
    caller: ChatCaller,
    threadId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<MessagesPage>;
  /** What the caller said in a thread, and was refused after it had been acknowledged; only a front has such. */
  refused?(caller: ChatCaller, threadId: string): Promise<readonly RefusedNotice[]>;
  /** Messages up to a position that were edited or deleted since a time. */
  changed(
    caller: ChatCaller,
    threadId: string,
    since: { readonly upTo: number; readonly time: Date },
  ): Promise<readonly WireMessage[]>;
  /** Stores a message without an answer. Resolves when it is durable: it is acknowledged then. */
  say(caller: ChatCaller, thread: ChatThread, message: ChatMessage): Promise<void>;
  /** Runs the query; `accepted` comes once the message is durable. */
  ask(
    caller: ChatCaller,
    thread: ChatThread,
    message: ChatMessage,
    run: {
      readonly requestId: string;
      readonly signal: AbortSignal;
      readonly onEvent: (event: AskEvent) => Promise<void> | void;
    },
  ): Promise<Asked>;
  edit(caller: ChatCaller, threadId: string, messageId: string, text: string): Promise<void>;
  remove(caller: ChatCaller, threadId: string, messageId: string): Promise<void>;
}
