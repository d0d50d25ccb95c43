import { type Schema, Validator } from "@cfworker/json-schema";
import type { ResponseFormat } from "../../platform/models/model-gateway.ts";

/** A JSON answer that fits, as it may be shown; or why it does not, in words for the model. */
export type JsonVerdict =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly detail: string };

const fence = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/;

/** Checks an answer against the format that was asked for, after taking off a code fence that models like to add. */
export const checkJsonAnswer = (text: string, format: ResponseFormat): JsonVerdict => {
  const bare = fence.exec(text)?.[1] ?? text;
  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch {
    return { ok: false, detail: "It is not JSON. Answer with one JSON value and nothing else." };
  }
  if (format.type === "json_object" && (typeof value !== "object" || value === null || Array.isArray(value))) {
    return { ok: false, detail: "It is not a JSON object." };
  }
  if (format.type === "json_schema") {
    const result = new Validator(withoutPatterns(format.schema) as Schema, "2020-12").validate(value);
    const first = result.errors.at(-1);
    if (!result.valid)
      return {
        ok: false,
        detail: `It does not fit the schema at ${first?.instanceLocation ?? "#"}: ${first?.error ?? ""}`,
      };
  }
  return { ok: true, text: bare.trim() };
};

// A client's pattern would run on a backtracking engine; what it forbids is left to the provider.
const withoutPatterns = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === "pattern" && typeof value === "string") && key !== "patternProperties")
      .map(([key, value]) => [key, withoutPatterns(value)]),
  );
};
