import { createHash } from "node:crypto";

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;

/** JSON with the keys of every object in code-unit order: equal data gives equal text, also after a trip through `jsonb`. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted);

/** SHA-256 of the canonical JSON, in hex. */
export const contentHash = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("hex");
