import { dereference, type Schema, type ValidationResult, Validator } from "@cfworker/json-schema";
import { schemaFault } from "./schema-fault.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

const draft = "2020-12";

// A copy: the library notes addresses inside the schema, and those of the registry are frozen.
const validatorOf = (schema: JsonSchema): Validator => new Validator(structuredClone(schema) as Schema, draft);

/** Why a schema of a crew cannot be used, as the end of a sentence; undefined when it can. */
export const schemaProblem = (schema: JsonSchema): string | undefined => {
  try {
    const copy = structuredClone(schema) as Schema;
    return schemaFault(copy, dereference(copy));
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

/** What the library says of a value. Crews that were stored by another release may hold schemas that it cannot apply. */
const validate = (schema: JsonSchema, value: unknown): Pick<ValidationResult, "valid" | "errors"> => {
  try {
    return validatorOf(schema).validate(value);
  } catch {
    const error = "The schema cannot be applied to it.";
    return { valid: false, errors: [{ instanceLocation: "#", keyword: "$schema", keywordLocation: "#", error }] };
  }
};

/** The first thing in which a value does not fit a schema; undefined when it fits. */
export const firstMismatch = (schema: JsonSchema, value: unknown): SchemaMismatch | undefined => {
  const { valid, errors } = validate(schema, value);
  if (valid) return undefined;
  const error = errors.at(-1);
  return {
    path: (error?.instanceLocation ?? "#").replace(/^#\/?/, "").replaceAll("/", "."),
    keyword: error?.keyword ?? "",
    message: error?.error ?? "It does not fit.",
  };
};
