import { type Schema, Validator } from "@cfworker/json-schema";

type JsonSchema = Readonly<Record<string, unknown>>;

const draft = "2020-12";

// A copy: the library notes addresses inside the schema, and those of the registry are frozen.
const validatorOf = (schema: JsonSchema): Validator => new Validator(structuredClone(schema) as Schema, draft);

/** Whether a schema holds a keyword anywhere. */
const holds = (schema: unknown, keyword: (key: string, value: unknown) => boolean): boolean => {
  if (schema === null || typeof schema !== "object") return false;
  return Object.entries(schema).some(([key, value]) => keyword(key, value) || holds(value, keyword));
};

/**
 * Why a schema of a crew cannot be used, as the end of a sentence; undefined when it can. Patterns are refused: they would be
 * run by an engine whose time has no bound.
 */
export const schemaProblem = (schema: JsonSchema): string | undefined => {
  if (holds(schema, (key, value) => key === "patternProperties" || (key === "pattern" && typeof value === "string"))) {
    return "has a pattern, which crews may not";
  }
  try {
    validatorOf(schema).validate({});
    return undefined;
  } catch {
    return "cannot be read";
  }
};

export interface SchemaMismatch {
  /** `a.0.b`; empty: the value itself. */
  readonly path: string;
  /** The keyword of the schema that it breaks. */
  readonly keyword: string;
  readonly message: string;
}

/** The first thing in which a value does not fit a schema; undefined when it fits. */
export const firstMismatch = (schema: JsonSchema, value: unknown): SchemaMismatch | undefined => {
  const { valid, errors } = validatorOf(schema).validate(value);
  if (valid) return undefined;
  const error = errors.at(-1);
  return {
    path: (error?.instanceLocation ?? "#").replace(/^#\/?/, "").replaceAll("/", "."),
    keyword: error?.keyword ?? "",
    message: error?.error ?? "It does not fit.",
  };
};
