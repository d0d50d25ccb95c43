import type { Payload, PayloadCodec } from "@temporalio/common";
import proto from "@temporalio/proto";
import { AppError } from "../../../platform/errors/app-error.ts";
import { largestPayload } from "./payload-limit.ts";

/** Encrypts under one key; the part of the master key's boxes that is used here. */
export interface PayloadKey {
  /** Tells keys apart; nothing can be learnt about the key from it. */
  readonly id: string;
  readonly box: {
    seal(plaintext: Uint8Array, context: string): Uint8Array;
    open(sealed: Uint8Array, context: string): Uint8Array;
  };
}

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const encoding = "binary/encrypted";
const context = "temporal payload";
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array());

/** What Temporal itself says of a step that is cancelled before a worker took it, or between two attempts. */
const ofTemporalItself: ReadonlySet<string> = new Set(['"ACTIVITY_ID_NOT_STARTED"', '"ACTIVITY_ID_UNKNOWN"']);

/** JSON grows a little on its way: UTF-8 and the envelope. */
const mostBytes = 3 * largestPayload;

/**
 * Everything that Temporal keeps (arguments, results, errors) is encrypted with AES-256-GCM before it leaves the process; the
 * key's id stands beside it. What is not encrypted is refused, so nobody can slip values in; Temporal's own few words are none.
 *
 * @param keys the one that encrypts, and former ones that are still read.
 */
export const createPayloadCodec = (keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec => {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [current] = keys;

  const encode = (payload: Payload): Payload => {
    const plain = PayloadMessage.encode(payload).finish();
    if (plain.length > mostBytes) {
      throw new AppError("TOO_LARGE", `A value of ${plain.length} bytes is too large for Temporal; it must go by ref.`);
    }
    const metadata = { encoding: bytesOf(encoding), "key-id": bytesOf(current.id) };
    return { metadata, data: current.box.seal(plain, context) };
  };

  const decode = (payload: Payload): Payload => {
    const { metadata, data } = payload;
    if (textOf(metadata?.encoding) !== encoding) {
      if (ofTemporalItself.has(textOf(data))) return payload;
      throw new AppError("INTERNAL", "A value from Temporal is not encrypted; it was not read.");
    }
    const key = byId.get(textOf(metadata?.["key-id"]));
    if (!key) {
      throw new AppError(
        "CONFIG_INVALID",
        "A value from Temporal was encrypted with another key. Has every process the same ATHENA_MASTER_KEY?",
      );
    }
    return PayloadMessage.decode(key.box.open(data ?? new Uint8Array(), context));
  };

  return {
    encode: async (payloads) => payloads.map(encode),
    decode: async (payloads) => payloads.map(decode),
  };
};
