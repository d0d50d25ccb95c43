import { RE2JS } from "re2js";
import { AppError } from "../errors/app-error.ts";

/** A pattern whose matching time grows linearly with the text, whatever the pattern. */
export interface LinearPattern {
  test(text: string): boolean;
}

const longestPattern = 1_000;

/**
 * Compiles a pattern that came from a person (an admin, a registry row) with RE2, case-insensitively.
 * @throws {AppError} INVALID_INPUT with the reason when it does not fit: back-references, look-around, over 1,000 characters.
 */
export const compileLinearPattern = (source: string, name: string): LinearPattern => {
  if (source.length === 0 || source.length > longestPattern) {
    throw new AppError("INVALID_INPUT", `Pattern '${name}' must have 1 to ${longestPattern} characters.`, {
      field: "pattern",
    });
  }
  try {
    const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return { test: (text) => compiled.matcher(text).find() };
  } catch (cause) {
    throw new AppError(
      "INVALID_INPUT",
      `Pattern '${name}' cannot be used: it must fit RE2 (no back-references, no look-around).`,
      { cause, field: "pattern" },
    );
  }
};
