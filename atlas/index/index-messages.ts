import type { Queryable } from "../../platform/db/database.ts";
import { indexTexts } from "./index-texts.ts";

/** A message in its present state, and whether its text may be in the index. */
export interface MessageToIndex {
  readonly id: string;
  readonly threadId: string;
  readonly position: number;
  readonly role: string;
  readonly author: string;
  readonly scopeKey: string;
  readonly createdAt: Date;
  /** Null: there is none in clear (a confidential or deleted message). */
  readonly content: string | null;
  /** Whether the scope's rules let it be indexed, see `mayBeIndexed`. */
  readonly allowed: boolean;
}

/**
 * Brings the index to the state of these messages, on the caller's transaction: a new one comes in, an edited one replaces what
 * was there, one that is deleted, confidential, a system's or not allowed leaves. The same again changes nothing.
 */
export const indexMessages = (
  connection: Queryable,
  messages: readonly MessageToIndex[],
): Promise<{ readonly added: number; readonly removed: number }> => {
  const holds = ({ content, role, allowed }: MessageToIndex) => allowed && content !== null && role !== "system";
  return indexTexts(
    connection,
    messages.filter(holds).map(({ id, threadId, position, author, scopeKey, createdAt, content }) => ({
      id,
      kind: "message",
      scopeKey,
      parent: threadId,
      position,
      text: content ?? "",
      author,
      time: createdAt,
    })),
    messages.filter((message) => !holds(message)).map(({ id }) => id),
  );
};
