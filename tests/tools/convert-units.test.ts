import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConvertUnits } from "../../tools/convert-units.ts";
import { createLoadMath } from "../../tools/load-math.ts";
import { runTool, toolContext } from "./support.ts";

const convertUnits = createConvertUnits({ loadMath: createLoadMath() });
const convert = (value: number, from: string, to: string, locale = "en") =>
  runTool(convertUnits, { value, from, to }, toolContext({ locale }));

describe("conversions", () => {
  test.each([
    [5, "miles", "km", 8.04672],
    [5, "mil", "kilometrów", 8.04672],
    [1, "kilometr", "metry", 1000],
    [3, "kilometry", "mile", 1.864113577],
    [10, "funtów", "kg", 4.5359237],
    [2, "funty", "kilogramy", 0.90718474],
    [100, "°F", "°C", 37.77777778],
    [36.6, "stopni Celsjusza", "stopnie Fahrenheita", 97.88],
    [-40, "celsius", "fahrenheit", -40],
    [0, "C", "K", 273.15],
    [100, "km/h", "mph", 62.13711922],
    [90, "kilometrów na godzinę", "m/s", 25],
    [10, "knots", "km/h", 18.52],
    [1, "nautical mile", "m", 1852],
    [6, "feet", "cm", 182.88],
    [12, "cali", "cm", 30.48],
    [3, "stóp", "m", 0.9144],
    [5, "kilometrow", "m", 5000],
    [20, "ºC", "℉", 68],
    [3, "m²", "ft²", 32.291731],
    [2, "stopy", "m", 0.6096],
    [1, "gallon", "litres", 3.785411784],
    [1, "imperial gallon", "l", 4.54609],
    [1, "hectare", "acres", 2.471053815],
    [2, "godziny", "minut", 120],
    [1, "week", "hours", 168],
    [1, "KM", "W", 735.49875],
    [1, "km", "m", 1000],
    [1013.25, "hPa", "atm", 1],
    [1, "kWh", "kJ", 3600],
    [250, "kcal", "kJ", 1046],
    [1, "GB", "MB", 1000],
    [1, "GiB", "MiB", 1024],
    [15, "кілометрів", "миль", 9.320567884],
    [15, "ק״מ", "מטרים", 15_000],
    [5, "dag", "g", 50],
    [180, "degrees", "rad", Math.PI],
  ])("%d %s in %s is %d", async (value, from, to, expected) => {
    expect((await convert(value, from, to)).output.result).toBeCloseTo(expected, 6);
  });

  test("says both sides in English and in Polish", async () => {
    expect((await convert(26.2, "miles", "kilometres")).text).toBe("26.2 mi is 42.1648 km.");
    expect((await convert(26.2, "mil", "kilometrów", "pl")).text).toBe("26,2 mi to 42,1648 km.");
  });

  test("there and back gives the same value", async () => {
    const pairs = [
      ["km", "mi"],
      ["kg", "lb"],
      ["°C", "°F"],
      ["l", "gal"],
      ["m/s", "knots"],
      ["hPa", "psi"],
    ] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }).filter((value) => Math.abs(value) > 1e-6),
        fc.constantFrom(...pairs),
        async (value, [from, to]) => {
          const { output } = await convert(value, from, to);
          const back = await convert(output.result, to, from);
          expect(Math.abs(back.output.result - value)).toBeLessThan(Math.abs(value) * 1e-9 + 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what is refused", () => {
  test("currencies, with the reason", async () => {
    await expect(convert(100, "USD", "EUR")).rejects.toMatchObject({ code: "INVALID_INPUT", field: "from" });
    await expect(convert(100, "złotych", "euro", "pl")).rejects.toThrow("Nie przeliczam walut");
  });

  test("unknown units, named", async () => {
    await expect(convert(1, "parsnips", "km")).rejects.toThrow("'parsnips' is not a unit I know.");
    await expect(convert(1, "km", "constructor", "pl")).rejects.toThrow("Nie znam jednostki „constructor”.");
  });

  test("units that measure different things", async () => {
    await expect(convert(1, "km", "kg")).rejects.toThrow("km cannot be converted to kg");
  });

  test("values that are no finite number", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "5", 1e300]) {
      expect(convertUnits.input.safeParse({ value, from: "km", to: "m" }).success).toBe(false);
    }
  });
});
