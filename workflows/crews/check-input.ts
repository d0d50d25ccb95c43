import { AppError } from "../../platform/errors/app-error.ts";
import { readPeriod } from "../../platform/language/read-period.ts";
import type { Crew } from "./crew.ts";
import { firstMismatch } from "./crew-json-schema.ts";
import { periodFields } from "./period-fields.ts";

/** Characters of a job's input as JSON. */
export const longestInput = 200_000;

const isPeriod = (value: unknown): boolean =>
  value === undefined || (typeof value === "string" && readPeriod(value, "UTC", new Date()) !== undefined);

/**
 * Whether a job's input is what its crew takes.
 * @throws {AppError} TOO_LARGE; INVALID_INPUT naming the field (`input.topic`).
 */
export const checkInput = (crew: Pick<Crew, "id" | "input">, input: Readonly<Record<string, unknown>>): void => {
  if (JSON.stringify(input).length > longestInput) {
    throw new AppError("TOO_LARGE", `A job's input has at most ${longestInput} characters.`, { field: "input" });
  }
  const mismatch = firstMismatch(crew.input, input);
  if (!mismatch) {
    const wrong = periodFields(crew.input).find((name) => !isPeriod(input[name]));
    if (wrong === undefined) return;
    throw new AppError(
      "INVALID_INPUT",
      `'input.${wrong}' is not what the crew '${crew.id}' takes: today, yesterday, week or an ISO 8601 interval.`,
      { field: `input.${wrong}` },
    );
  }
  const { path, keyword, message } = mismatch;
  const field = ["input", path].filter(Boolean).join(".");
  // What a schema lists may be said; of values only that they do not fit.
  const reason = ["required", "enum", "type", "$schema"].includes(keyword) ? message : `it breaks '${keyword}'.`;
  throw new AppError("INVALID_INPUT", `'${field}' is not what the crew '${crew.id}' takes: ${reason}`, { field });
};
