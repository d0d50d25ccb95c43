import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNumbers, formatNumber, parseNumber } from "../../../platform/language/numbers.ts";

describe("numbers in text", () => {
  test.each([
    ["2,340", "en", 2340],
    ["2,340", "pl", 2.34],
    ["2,340", "he", 2340],
    ["2.340", "pl", 2.34],
    ["2,34", "en", 2.34],
    ["1,234,567.89", "en", 1_234_567.89],
    ["1.234.567,89", "pl", 1_234_567.89],
    ["1 234 567,5", "uk", 1_234_567.5],
    ["1\u00a0234", "pl", 1234],
    ["-12.5", "en", -12.5],
    ["−3", "en", -3],
    ["0,500", "en", 0.5],
  ])("reads %s in %s as %d", (text, locale, value) => {
    expect(parseNumber(text, locale)).toBe(value);
  });

  test("finds percentages and leaves codes, dates with points and words alone", () => {
    expect(findNumbers("17 % of 2,340 on LO281", "en").map(({ value, isPercent }) => ({ value, isPercent }))).toEqual([
      { value: 17, isPercent: true },
      { value: 2340, isPercent: false },
    ]);
    expect(findNumbers("21.11.2026", "pl")).toEqual([]);
    expect(parseNumber("12 apples", "en")).toBeUndefined();
  });

  test("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom("en", "pl", "uk", "he"), (cents, locale) => {
        const written = formatNumber(cents / 100, locale, 2).replace(/[\u200e\u200f]/g, "");
        expect(parseNumber(written, locale)).toBeCloseTo(cents / 100, 6);
      }),
    );
  });
});
