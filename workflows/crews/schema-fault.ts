import type { Schema } from "@cfworker/json-schema";

type Lookup = Readonly<Record<string, Schema | boolean>>;
type Check = (value: unknown) => boolean;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema: Check = (value) => typeof value === "boolean" || isMap(value);
const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isMap(value) && Object.values(value).every(check);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

const types = ["null", "boolean", "object", "array", "number", "integer", "string"];
const isType: Check = (value) => types.includes(value as string);

const named = (names: string): readonly string[] => names.split(" ");
const each = (check: Check, names: string) => named(names).map((name) => [name, check] as const);

/** What each keyword takes. */
const keywords: ReadonlyMap<string, Check> = new Map([
  ...each(isSchema, "not if then else propertyNames additionalProperties unevaluatedProperties"),
  ...each(isSchema, "contains additionalItems unevaluatedItems"),
  ...each(listOf(isSchema), "allOf anyOf oneOf prefixItems"),
  ...each(either(isSchema, listOf(isSchema)), "items"),
  ...each(mapOf(isSchema), "properties dependentSchemas $defs definitions"),
  ...each(mapOf(either(isSchema, listOf(isText))), "dependencies"),
  ...each(mapOf(listOf(isText)), "dependentRequired"),
  ...each(either(isType, listOf(isType)), "type"),
  ...each(Array.isArray, "enum"),
  ...each(listOf(isText), "required"),
  ...each(isText, "format $ref $id $anchor"),
  ...each((value) => typeof value === "boolean", "uniqueItems"),
  ...each(isNumber, "minimum maximum exclusiveMinimum exclusiveMaximum"),
  ...each((value) => isNumber(value) && Number(value) > 0, "multipleOf"),
  ...each(isCount, "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains"),
  // They point where the value has come from.
  ...each(() => false, "$recursiveRef $dynamicRef"),
]);
/** Keywords whose schemas look at the value itself. */
const ofSameValue = new Set(named("not if then else allOf anyOf oneOf dependentSchemas dependencies"));
/** Keywords whose schemas look at what is in it, or at nothing until somebody points at them. */
const ofOthers = new Set([
  ...named("propertyNames additionalProperties unevaluatedProperties contains additionalItems unevaluatedItems"),
  ...named("prefixItems items properties $defs definitions"),
]);
const inMaps = new Set(named("properties dependentSchemas dependencies $defs definitions"));

const schemasIn = (keyword: string, value: unknown): readonly Schema[] => {
  const held = inMaps.has(keyword) ? Object.values(value as object) : Array.isArray(value) ? value : [value];
  return held.filter(isMap);
};

/**
 * What is wrong with a schema whose addresses `lookup` has, wherever in it, as the end of a sentence; undefined: nothing.
 * Patterns are refused: they would be run by an engine whose time has no bound.
 */
export const schemaFault = (root: Schema, lookup: Lookup): string | undefined => {
  const finished = new Set<Schema>();
  const waiting: (readonly [schema: Schema, path: string])[] = [[root, ""]];

  /** Looks through a schema and those that look at the same value; `around`: those in which it stands. */
  const visit = (schema: Schema, path: string, around: readonly Schema[]): string | undefined => {
    if (around.includes(schema)) return `refers to itself${path && ` at '${path}'`}`;
    if (finished.has(schema)) return undefined;
    const own: (readonly [Schema, string])[] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      const at = path === "" ? keyword : `${path}.${keyword}`;
      if (keyword === "pattern" || keyword === "patternProperties") return "has a pattern, which crews may not";
      const check = keywords.get(keyword);
      if (check && !check(value)) return `cannot be read: '${at}' is not what this keyword takes`;
      const target = ofSameValue.has(keyword) ? own : ofOthers.has(keyword) ? waiting : undefined;
      target?.push(...schemasIn(keyword, value).map((inner) => [inner, at] as const));
    }
    if (schema.$ref !== undefined) {
      const pointed = lookup[(schema as { readonly __absolute_ref__?: string }).__absolute_ref__ ?? schema.$ref];
      if (pointed === undefined) return `cannot be read: '${schema.$ref}' points nowhere`;
      if (isMap(pointed)) own.push([pointed, schema.$ref]);
    }
    for (const [inner, at] of own) {
      const fault = visit(inner, at, [...around, schema]);
      if (fault) return fault;
    }
    finished.add(schema);
    return undefined;
  };

  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const fault = visit(...next, []);
    if (fault) return fault;
  }
  return undefined;
};
