import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { MasterKey } from "./master-key.ts";
import { createSealedBox, type SealedBox } from "./sealed-box.ts";

/** Encrypts what confidential threads hold: one key per thread, wrapped by the master key. */
export interface ThreadCipher {
  /** A new wrapped key for a thread. */
  newKey(threadId: string): Buffer;
  /** `field` names the place inside the thread (a message's id, `meta`): the result opens in that place only. */
  encrypt(threadId: string, wrappedKey: Uint8Array, field: string, value: unknown): Buffer;
  /** @throws {AppError} INTERNAL when anything was changed or moved, or the master key is another one. */
  decrypt<Value>(threadId: string, wrappedKey: Uint8Array, field: string, sealed: Uint8Array): Value;
}

/** @param deps.maxKeys how many unwrapped thread keys stay in memory. */
export const createThreadCipher = ({
  masterKey,
  maxKeys = 1_000,
}: {
  readonly masterKey: MasterKey;
  readonly maxKeys?: number;
}): ThreadCipher => {
  const wrapping = masterKey.box("thread keys");
  const boxes = new LRUCache<string, SealedBox>({ max: maxKeys });

  const boxOf = (threadId: string, wrappedKey: Uint8Array): SealedBox => {
    const cacheKey = `${threadId} ${Buffer.from(wrappedKey).toString("base64")}`;
    const cached = boxes.get(cacheKey);
    if (cached) return cached;
    const box = createSealedBox(wrapping.open(wrappedKey, `thread ${threadId}`));
    boxes.set(cacheKey, box);
    return box;
  };

  return {
    newKey: (threadId) => wrapping.seal(randomBytes(32), `thread ${threadId}`),
    encrypt: (threadId, wrappedKey, field, value) =>
      boxOf(threadId, wrappedKey).seal(JSON.stringify(value), `thread ${threadId} ${field}`),
    decrypt: (threadId, wrappedKey, field, sealed) =>
      JSON.parse(boxOf(threadId, wrappedKey).open(sealed, `thread ${threadId} ${field}`).toString("utf8")),
  };
};
