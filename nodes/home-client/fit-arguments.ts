import type { ToolDeclaration } from "../../platform/models/model-gateway.ts";

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What may be left out when the tool does not know it: the name alone says what is meant. */
const saidByName = new Set(["domain", "device_class", "area", "floor"]);

/**
 * Brings arguments into a declared tool's JSON Schema: strings become lists of one where lists are wanted, numbers are taken
 * within their bounds, values of an enumeration in its spelling. Undefined when the call would then mean something else:
 * a value does not fit, a needed one is missing, or the tool cannot say what or how much is meant.
 */
export const fitArguments = (
  { parameters }: Pick<ToolDeclaration, "parameters">,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined => {
  const properties = isSchema(parameters.properties) ? parameters.properties : {};
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const fitted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const fit = isSchema(schema) ? fitValue(schema, value, 0) : undefined;
    if (fit !== undefined) fitted[key] = fit;
    else if (!saidByName.has(key) || given.name === undefined) return undefined;
  }
  return required.every((key) => fitted[String(key)] !== undefined) ? fitted : undefined;
};

const typesOf = ({ type }: Schema): readonly unknown[] =>
  Array.isArray(type) ? type : type === undefined ? [] : [type];

const fitValue = (schema: Schema, value: unknown, depth: number): unknown => {
  if (depth > 3) return undefined;
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray) as readonly unknown[] | undefined;
  if (choices) {
    for (const choice of choices) {
      const fit = isSchema(choice) ? fitValue(choice, value, depth + 1) : undefined;
      if (fit !== undefined) return fit;
    }
    return undefined;
  }
  const types = typesOf(schema);
  const has = (...names: string[]) => types.length === 0 || names.some((name) => types.includes(name));
  if (Array.isArray(schema.enum)) {
    const wanted = String(value).toLowerCase();
    return schema.enum.find((item) => String(item).toLowerCase() === wanted);
  }
  if (Array.isArray(value) || (types.includes("array") && !types.includes("string"))) {
    if (!has("array"))
      return Array.isArray(value) && value.length === 1 ? fitValue(schema, value[0], depth) : undefined;
    const items = isSchema(schema.items) ? schema.items : {};
    const fits = (Array.isArray(value) ? value : [value]).map((item) => fitValue(items, item, depth + 1));
    return fits.includes(undefined) ? undefined : fits;
  }
  if (typeof value === "number" || (typeof value === "string" && !has("string"))) {
    const number = Number(value);
    if (has("number", "integer") && Number.isFinite(number)) return within(schema, number, types);
    return typeof value === "number" && has("string") ? String(value) : undefined;
  }
  if (typeof value === "boolean") return has("boolean") ? value : undefined;
  return typeof value === "string" && has("string") ? value : undefined;
};

const within = ({ minimum, maximum }: Schema, value: number, types: readonly unknown[]): number | undefined => {
  const whole = types.includes("integer") && !types.includes("number") ? Math.round(value) : value;
  const isIn = (typeof minimum !== "number" || whole >= minimum) && (typeof maximum !== "number" || whole <= maximum);
  return isIn ? whole : undefined;
};
