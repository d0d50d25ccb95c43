import { createHash } from "node:crypto";

/** The id of a part's vector of a model: the same for the same three, so that what is put in again replaces itself. */
export const pointId = (model: string, item: string, part: number): string => {
  const bytes = createHash("sha256").update(`${model}\n${item}\n${part}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80; // a UUID of version 8: bits of one's own
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
