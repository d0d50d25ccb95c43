import { AppError } from "../platform/errors/app-error.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Message, NewMessage, Thread } from "./timeline.ts";

/** A message as it goes into `timeline_open` and `timeline_close`. */
export interface MessageToWrite extends NewMessage {
  readonly id: string;
  readonly meta: Record<string, unknown>;
}

/** A row of `current_messages`. */
export interface MessageRow {
  readonly id: string;
  readonly position: number;
  readonly role: Message["role"];
  readonly author: string;
  readonly content: string | null;
  readonly ciphertext: Uint8Array | null;
  readonly created_at: string | Date;
  readonly meta: Record<string, unknown>;
  /** The place inside the thread that the ciphertext opens in: the message's id, or that of its newest edit. */
  readonly sealed_as: string;
  readonly revision_kind: "edit" | "tombstone" | null;
  readonly revised_at: string | Date | null;
}

export interface ThreadRow {
  readonly id: string;
  readonly created_at: string | Date;
  readonly channel_id: string;
  readonly scope: Thread["scope"];
  readonly owner: string;
  readonly team_id: string | null;
  readonly mode: Thread["mode"];
  readonly wrapped_key: Uint8Array | null;
  readonly last_position: number;
  readonly meta: Record<string, unknown>;
  readonly meta_ciphertext: Uint8Array | null;
  /** Not null: the thread was erased. */
  readonly shredded_at: string | Date | null;
}

/** Columns of a `ThreadRow`. */
export const threadColumns =
  "id, created_at, channel_id, scope, owner, team_id, mode, wrapped_key, last_position, meta, meta_ciphertext, shredded_at";

type Secret = Pick<Message, "content" | "meta">;
type Cipher = Pick<ThreadCipher, "encrypt" | "decrypt">;

/** A database time (Date or text) as ISO 8601 in UTC with milliseconds. */
export const isoTime = (time: string | Date): string => new Date(time).toISOString();

/** With a key, content and meta travel encrypted together and nothing of them in clear. */
export const toStoredMessage = (
  cipher: Cipher,
  threadId: string,
  wrappedKey: Uint8Array | undefined,
  { id, role, author, content, meta, createdAt }: MessageToWrite,
): Record<string, unknown> => ({
  id,
  role,
  author,
  ...(createdAt === undefined ? {} : { created_at: createdAt }),
  ...(wrappedKey === undefined && Object.keys(meta).length === 0
    ? { content }
    : toSealed(cipher, threadId, wrappedKey, id, { content, meta })),
});

/** The content and meta of a message or an edit, in clear or, with a key, sealed into the place of that id. */
export const toSealed = (
  cipher: Cipher,
  threadId: string,
  wrappedKey: Uint8Array | undefined,
  id: string,
  secret: Secret,
): Secret | { readonly ciphertext: string } =>
  wrappedKey === undefined
    ? secret
    : { ciphertext: cipher.encrypt(threadId, wrappedKey, id, secret).toString("base64") };

const decryptWith = <Value>(
  cipher: Cipher,
  threadId: string,
  wrappedKey: Uint8Array | null,
  field: string,
  sealed: Uint8Array,
): Value => {
  if (wrappedKey === null) throw new AppError("INTERNAL", "The key of this thread was destroyed.");
  return cipher.decrypt<Value>(threadId, wrappedKey, field, sealed);
};

export const toMessage = (
  cipher: Cipher,
  threadId: string,
  wrappedKey: Uint8Array | null,
  row: MessageRow,
): Message => {
  const secret: Secret =
    row.ciphertext === null
      ? { content: row.content ?? "", meta: row.meta }
      : decryptWith(cipher, threadId, wrappedKey, row.sealed_as, row.ciphertext);
  return {
    id: row.id,
    threadId,
    position: row.position,
    role: row.role,
    author: row.author,
    ...secret,
    createdAt: isoTime(row.created_at),
    ...(row.revision_kind === null || row.revised_at === null
      ? {}
      : { state: row.revision_kind === "edit" ? "edited" : "deleted", changedAt: isoTime(row.revised_at) }),
  };
};

export const toThread = (cipher: Cipher, row: Omit<ThreadRow, "shredded_at">): Thread => ({
  id: row.id,
  channelId: row.channel_id,
  owner: row.owner,
  scope: row.scope,
  ...(row.team_id === null ? {} : { teamId: row.team_id }),
  mode: row.mode,
  createdAt: isoTime(row.created_at),
  lastPosition: row.last_position,
  meta:
    row.meta_ciphertext === null ? row.meta : decryptWith(cipher, row.id, row.wrapped_key, "meta", row.meta_ciphertext),
});
