import type { MathJsInstance } from "mathjs";
import { z } from "zod";
import { AppError } from "../platform/errors/app-error.ts";
import { formatNumber } from "./format-number.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import type { LoadMath } from "./load-math.ts";
import { defineTool } from "./tool.ts";
import { extraUnits, findUnit, isCurrency, type NamedUnit } from "./unit-names.ts";

const Input = z.object({
  value: z.number().min(-1e30).max(1e30).describe("How many of the first unit."),
  from: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .describe("Unit to convert from, as a symbol or a name: 'km', 'miles', 'funty'."),
  to: z.string().trim().min(1).max(60).describe("Unit to convert to."),
});
const Output = z.object({
  value: z.number(),
  from: z.string(),
  to: z.string(),
  result: z.number(),
  /** Both sides in the locale's format; the result has at most 6 significant digits. */
  formattedValue: z.string(),
  formattedResult: z.string(),
});

const invalid = (field: string, locale: string, sentences: { en: string; pl: string }) =>
  new AppError("INVALID_INPUT", inLocale(locale, sentences), { field });

const unitOf = (name: string, field: string, locale: string): NamedUnit => {
  if (isCurrency(name)) {
    throw invalid(field, locale, {
      en: "Currencies cannot be converted: there is no source of exchange rates here.",
      pl: "Nie przeliczam walut: nie ma tu źródła kursów.",
    });
  }
  const unit = findUnit(name);
  if (unit) return unit;
  throw invalid(field, locale, { en: `'${name}' is not a unit I know.`, pl: `Nie znam jednostki „${name}”.` });
};

/**
 * Converts lengths, masses, volumes, areas, speeds, temperatures, times, pressures, energies, powers and data sizes.
 * @throws {AppError} INVALID_INPUT for unknown units, currencies, and units of different kinds.
 */
export const createConvertUnits = ({ loadMath }: { readonly loadMath: LoadMath }) => {
  const extended = new WeakSet<MathJsInstance>();
  const loadWithUnits = async () => {
    const math = await loadMath();
    if (!extended.has(math)) {
      math.createUnit(
        Object.fromEntries(Object.entries(extraUnits).map(([name, definition]) => [name, { definition }])),
      );
      extended.add(math);
    }
    return math;
  };
  return defineTool({
    name: "convert_units",
    description: "Converts a value from one unit of measurement to another.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ value, from, to }, { locale }) {
      const source = unitOf(from, "from", locale);
      const target = unitOf(to, "to", locale);
      const math = await loadWithUnits();
      const quantity = math.unit(math.bignumber(value), source.unit);
      if (!quantity.equalBase(math.unit(target.unit))) {
        throw invalid("to", locale, {
          en: `${source.symbol} cannot be converted to ${target.symbol}: they measure different things.`,
          pl: `Nie da się przeliczyć ${source.symbol} na ${target.symbol}: mierzą co innego.`,
        });
      }
      const result = math.bignumber(quantity.toNumeric(target.unit));
      return {
        value,
        from: source.symbol,
        to: target.symbol,
        result: result.toSignificantDigits(12).toNumber(),
        formattedValue: formatNumber(math.bignumber(value), formatsFor(locale)).text,
        formattedResult: formatNumber(result, formatsFor(locale), 6).text,
      };
    },
    render: ({ from, to, formattedValue, formattedResult }, _input, locale) =>
      inLocale(locale, {
        en: `${formattedValue} ${from} is ${formattedResult} ${to}.`,
        pl: `${formattedValue} ${from} to ${formattedResult} ${to}.`,
      }),
  });
};
