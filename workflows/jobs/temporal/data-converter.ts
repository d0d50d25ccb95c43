import { fileURLToPath } from "node:url";
import type { DataConverter } from "@temporalio/common";
import { createPayloadCodec, type PayloadKey } from "./payload-codec.ts";

export const failureConverterPath = fileURLToPath(new URL("failure-converter.ts", import.meta.url));

/** How values get to Temporal and back, the same in client and worker: encrypted, errors' texts included. */
export const createDataConverter = (keys: readonly [PayloadKey, ...PayloadKey[]]): DataConverter => ({
  failureConverterPath,
  payloadCodecs: [createPayloadCodec(keys)],
});
