import { createHash } from "node:crypto";

/**
 * Recognises a set of tool calls without their ids (Ollama's clients drop them): SHA-256 over names and arguments in order,
 * with object keys sorted.
 */
export const callsFingerprint = (calls: readonly { readonly name: string; readonly arguments: unknown }[]): string =>
  createHash("sha256")
    .update(JSON.stringify(calls.map((call) => [call.name, sorted(call.arguments)])))
    .digest("hex");

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
};
