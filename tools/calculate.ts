import { z } from "zod";
import { evaluateExpression } from "./evaluate-expression.ts";
import { formatNumber } from "./format-number.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import type { LoadMath } from "./load-math.ts";
import { readExpression } from "./read-expression.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  expression: z.string().trim().min(1).max(300).describe("What to calculate, e.g. '17% of 2,340' or 'sqrt(2) * 3'."),
});
const Output = z.object({
  /** The calculation alone, in signs and the locale's number format. */
  expression: z.string(),
  value: z.number(),
  /** In the locale's format; rounded to 12 digits when not `exact`. */
  formatted: z.string(),
  exact: z.boolean(),
});

/**
 * Arithmetic with 64 digits: words, signs and number formats of en, pl, uk, he; percentages, powers, roots, logarithms,
 * trigonometry in radians.
 * @throws {AppError} INVALID_INPUT for what is no calculation, has no result or is too large.
 */
export const createCalculate = ({ loadMath }: { readonly loadMath: LoadMath }) =>
  defineTool({
    name: "calculate",
    description: "Calculates an arithmetic expression, percentages included.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ expression }, { locale }) {
      const { plain, shown } = readExpression(expression, locale);
      const value = evaluateExpression(await loadMath(), plain, locale);
      const { text, exact } = formatNumber(value, formatsFor(locale));
      return { expression: shown, value: value.toNumber() || 0, formatted: text, exact };
    },
    render: ({ expression, formatted, exact }, _input, locale) =>
      inLocale(locale, {
        en: `${expression} is ${exact ? "" : "about "}${formatted}.`,
        pl: `${expression} to ${exact ? "" : "około "}${formatted}.`,
      }),
  });
