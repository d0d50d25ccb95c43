import { describe, expect, test } from "vitest";
import { slotRecognisers } from "../../../../nodes/understanding/slot-recognisers.ts";
import type { SlotContext } from "../../../../nodes/understanding/slots/slot-recogniser.ts";

const expression = slotRecognisers.get("expression")!;
const context = (locale: string): SlotContext => ({
  locale,
  timezone: "UTC",
  now: new Date(0),
  gazetteer: { resolve: () => undefined, find: () => [] },
});

describe("calculations in text", () => {
  test.each([
    ["en", "what is 17 % of 2,340?", "17% of 2340"],
    ["pl", "ile to 17% z 2340", "17% of 2340"],
    ["pl", "ile to 2,5 razy 4", "2.5 razy 4"],
    ["uk", "скільки буде 17% від 2340", "17% of 2340"],
    ["he", "כמה זה 17% מ-2340", "17% of 2340"],
    ["en", "5 * (3 + 4)", "5 * (3 + 4)"],
    ["en", "square root of 144", "square root of 144"],
    ["en", "-5 + 3", "-5 + 3"],
    ["en", "2^16", "2^16"],
    ["en", "5² + 3", "5^2 + 3"],
    ["en", "½ of 30", "(1/2) of 30"],
  ])("%s: %s", (locale, text, value) => {
    expect(expression.whole(text, context(locale))).toBe(value);
  });

  test.each([
    "42",
    "in 2024",
    "what is love",
    "5 apples and 3 pears",
    "LO281",
    "10 miles to kilometers",
    "",
    "21.11.2026",
  ])("%j is none", (text) => {
    expect(expression.whole(text, context("en"))).toBeUndefined();
  });

  test("a calculation is found among other words", () => {
    expect(expression.find("calculate 345 / 15 for my homework", context("en"))).toBe("345 / 15");
  });
});
