import type { Mode } from "../platform/egress/egress-class.ts";
import type { Principal } from "../platform/policy/principal.ts";
import type { Message, NewMessage, Scope, Thread } from "./timeline.ts";

export interface AppendRequest {
  readonly principal: Principal;
  readonly threadId: string;
  /** The position that the first message follows; 0 for the first of all. */
  readonly sincePosition: number;
  readonly messages: readonly NewMessage[];
}

/** What became of an append; a conflict wrote nothing. */
export type Appended =
  | {
      readonly state: "ok";
      readonly lastPosition: number;
      /** Of the thread that they lie in now. */
      readonly mode: Mode;
      /** How many were new. */
      readonly added: number;
      /** All that were given, in order. */
      readonly messages: readonly { readonly id: string; readonly position: number }[];
    }
  | {
      readonly state: "gap" | "other_content";
      /** The thread's last position: an append that follows it fits. */
      readonly expectedPosition: number;
    };

export interface MessageAddress {
  readonly principal: Principal;
  readonly threadId: string;
  readonly messageId: string;
}

/** One state of a message, the first of all included. */
export interface Revision {
  readonly kind: "original" | "edit" | "tombstone";
  /** Undefined in a tombstone and after the thread was erased. */
  readonly content: string | undefined;
  /** The principal's id. */
  readonly actor: string;
  readonly createdAt: string;
}

/**
 * Changes to threads beside the turns of queries. What one may not see is NOT_FOUND, like what is not there; what one sees
 * and may not change is POLICY_DENIED; an erased thread is CONFLICT.
 */
export interface ThreadChanges {
  /**
   * Makes an empty thread: in the principal's direct channel, or in a channel that it sees, with that channel's scope. Where
   * a thread of the id lies already, that one is given. Ids are the server's: nobody else may choose one.
   * @throws {AppError} NOT_FOUND for the channel; INVALID_INPUT when the team is none of the principal's.
   */
  create(request: {
    readonly principal: Principal;
    readonly id?: string;
    readonly channelId?: string;
    readonly scope?: Scope;
    readonly teamId?: string;
    readonly mode?: Mode;
    readonly meta?: Record<string, unknown>;
  }): Promise<Thread>;
  /**
   * Appends a batch in one transaction, in one round trip unless messages lie there already: those are accepted when they are
   * equal in role, author and content, so that the same batch twice adds nothing. A message that comes with an id is taken for
   * no other, and where it is stored at another position it stays there.
   */
  append(request: AppendRequest): Promise<Appended>;
  /** Gives a message other content; its author only. The message as it is then. */
  edit(request: MessageAddress & { readonly content: string }): Promise<Message>;
  /** Deletes a message; its author only. Once deleted, it stays so. What is left of it. */
  remove(request: MessageAddress): Promise<Message>;
  /** All states of a message, oldest first; for its author and for auditors. */
  revisions(request: MessageAddress): Promise<readonly Revision[]>;
}
