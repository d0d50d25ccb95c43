import type { ThreadCipher } from "./thread-cipher.ts";
import type { Scope } from "./timeline.ts";

export interface FreshThread {
  /** The principal's own direct channel, or one that it sees: then the thread has the channel's scope. */
  readonly channelId: string;
  readonly scope: Scope;
  readonly teamId?: string | undefined;
  readonly meta: Record<string, unknown>;
  /** ISO 8601; undefined: now. */
  readonly createdAt?: string | undefined;
}

/** What the database function that makes a thread takes of it; with a key the meta travels encrypted. */
export const freshThread = (
  cipher: Pick<ThreadCipher, "encrypt">,
  id: string,
  key: Uint8Array | undefined,
  { channelId, scope, teamId, meta, createdAt }: FreshThread,
): Record<string, unknown> => ({
  channel_id: channelId,
  scope,
  team_id: teamId,
  created_at: createdAt,
  ...(key === undefined
    ? { meta }
    : { meta: {}, meta_ciphertext: cipher.encrypt(id, key, "meta", meta).toString("base64") }),
});
