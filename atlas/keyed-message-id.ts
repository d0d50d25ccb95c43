import { createHash } from "node:crypto";

/**
 * The id of the message that a principal calls `key` inside a thread: the same key again is the same message. Nobody can
 * choose an id with it, so that none tells whether another's message is there.
 */
export const keyedMessageId = (threadId: string, principal: string, key: string): string => {
  const hash = createHash("sha256")
    .update(JSON.stringify([threadId.toLowerCase(), principal, key]))
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80; // a UUID of version 8: made as its maker likes
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
};
