import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { AppError } from "../platform/errors/app-error.ts";

/** Authenticated encryption under one key. `context` is bound to the result: it opens only where it was sealed for. */
export interface SealedBox {
  seal(plaintext: string | Uint8Array, context: string): Buffer;
  /** @throws {AppError} INTERNAL when the data, its context or the key is another one. */
  open(sealed: Uint8Array, context: string): Buffer;
}

// version (1 byte), key id (4), nonce (12), tag (16), ciphertext
const version = 1;
const nonceAt = 5;
const tagAt = nonceAt + 12;
const dataAt = tagAt + 16;

/** AES-256-GCM with a random nonce. The key's short id is stored beside the data, so that a wrong key is told from tampering. */
export const createSealedBox = (key: Uint8Array): SealedBox => {
  const keyId = createHmac("sha256", key).update("athena key id").digest().subarray(0, 4);
  return {
    seal(plaintext, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const data = Buffer.concat([
        typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext),
        cipher.final(),
      ]);
      return Buffer.concat([Buffer.of(version), keyId, nonce, cipher.getAuthTag(), data]);
    },

    open(sealed, context) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < dataAt || bytes[0] !== version) {
        throw new AppError("INTERNAL", "Encrypted data has an unknown form; nothing was decrypted.");
      }
      if (!bytes.subarray(1, nonceAt).equals(keyId)) {
        throw new AppError(
          "INTERNAL",
          "Encrypted data belongs to another key. Was ATHENA_MASTER_KEY or the key file changed?",
        );
      }
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(nonceAt, tagAt), { authTagLength: 16 })
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(tagAt, dataAt));
        return Buffer.concat([decipher.update(bytes.subarray(dataAt)), decipher.final()]);
      } catch (cause) {
        throw new AppError("INTERNAL", "Encrypted data was changed or moved; nothing was decrypted.", { cause });
      }
    },
  };
};
