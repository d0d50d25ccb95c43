import type { Crew } from "./crew.ts";

type Input = Readonly<Record<string, unknown>>;

const fieldsOf = ({ properties }: Crew["input"]): readonly (readonly [string, { readonly data?: unknown }])[] =>
  Object.entries((properties ?? {}) as Readonly<Record<string, { readonly data?: unknown } | null>>).flatMap(
    ([name, field]) => (field === null || typeof field !== "object" ? [] : [[name, field] as const]),
  );

/** Fields of a crew's input that hold what others wrote: those whose schema says `data: true`. */
export const dataFieldsOf = (schema: Crew["input"]): ReadonlySet<string> =>
  new Set(fieldsOf(schema).flatMap(([name, { data }]) => (data === true ? [name] : [])));

/** The field whose `data` is neither true nor false; undefined: there is none. */
export const unclearField = (schema: Crew["input"]): string | undefined =>
  fieldsOf(schema).find(([, { data }]) => data !== undefined && typeof data !== "boolean")?.[0];

/** A job's input in two: the words of whoever began it, and what others wrote. */
export const splitInput = (schema: Crew["input"], input: Input): { readonly words: Input; readonly data: Input } => {
  const fields = dataFieldsOf(schema);
  const entries = Object.entries(input);
  return {
    words: Object.fromEntries(entries.filter(([name]) => !fields.has(name))),
    data: Object.fromEntries(entries.filter(([name]) => fields.has(name))),
  };
};
