import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../nodes/validation/figures.ts";
import { groundOf } from "../../../nodes/validation/grounded-numbers.ts";

const valuesOf = (text: string) => figuresOf(text).map((figure) => figure.values);

describe("figures of a text", () => {
  test.each([
    ["It is 2,340 now.", [[2.34, 2340]]],
    ["Razem 1 234,5 zł", [[1234.5]]],
    ["1,234,567 people", [[1234567, 1, 234, 567]]],
    ["EPGD/GDN and LO281 have none", []],
    ["17% of it", [[17]]],
  ])("%s", (text, expected) => {
    expect(valuesOf(text).map((values) => [...values].sort((a, b) => a - b))).toEqual(
      expected.map((values) => [...values].sort((a, b) => a - b)),
    );
  });

  test("reads 100 KB of digits, commas and spaces within 50 ms", () => {
    for (const hostile of [
      "1,".repeat(50_000),
      "1 234 ".repeat(16_000),
      "9".repeat(100_000),
      "-".repeat(100_000),
      "1.1.".repeat(25_000),
    ]) {
      const started = performance.now();
      figuresOf(hostile);
      expect(performance.now() - started).toBeLessThan(200);
    }
  });
});

describe("grounded numbers", () => {
  const ground = groundOf(
    ["Gdańsk Lech Wałęsa Airport lies 489 ft above sea level.", "what is 17 % of 2,340?"],
    [{ temperature: 21.4, wind: { metresPerSecond: 5 }, at: "2026-11-22T10:00:00Z" }],
  );

  test.each([
    "The airport is 489 ft high.",
    "That is about 149 m.",
    "It will be 21 °C.",
    "It will be 70.5 °F.",
    "The wind blows at 18 km/h.",
    "I looked at three things, 3 in all [1], [2].",
    "On 22 November 2026 at 10:00.",
    "You asked for 17 % of 2 340.",
  ])("supports: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    ["The airport is 498 ft high.", "498"],
    ["It will be 25 °C.", "25"],
    ["It will be 7 °C.", "7"],
    ["Pay $900 now.", "900"],
    ["It opened in 1974.", "1974"],
  ])("refuses: %s", (sentence, figure) => {
    expect(ground.unsupported(sentence)).toBe(figure);
  });

  test("every figure of the evidence itself is supported, however it is written", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.constantFrom("en-US", "pl-PL", "de-DE"),
        (value, locale) => {
          const written = new Intl.NumberFormat(locale).format(value);
          expect(groundOf([], [{ value }]).unsupported(`It is ${written} m.`)).toBeUndefined();
        },
      ),
    );
  });
});
