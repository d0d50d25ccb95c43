import { fixPeriod } from "../../platform/language/fix-period.ts";
import type { Crew } from "./crew.ts";

/** Fields that a schema says are periods (`format: period`). */
export const periodFields = ({ properties }: Crew["input"]): readonly string[] =>
  Object.entries((properties ?? {}) as Record<string, { readonly format?: unknown }>).flatMap(([name, field]) =>
    field?.format === "period" ? [name] : [],
  );

/** An input whose periods are the ones meant where and when it was said, whenever the job gets to them. */
export const fixPeriods = (
  { input: schema }: Pick<Crew, "input">,
  input: Readonly<Record<string, unknown>>,
  timezone: string,
  saidAt: Date,
): Readonly<Record<string, unknown>> => {
  const fixed = periodFields(schema).flatMap((name) => {
    const said = input[name];
    return typeof said === "string" ? [[name, fixPeriod(said, timezone, saidAt)] as const] : [];
  });
  return fixed.length === 0 ? input : { ...input, ...Object.fromEntries(fixed) };
};
