import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePatterns } from "../../../nodes/understanding/pattern-matcher.ts";
import type { IntentPatternRow } from "../../../platform/config/registry.ts";
import { defaultRegistry } from "./default-registry.ts";

const row = (pattern: string, more: Partial<IntentPatternRow> = {}): IntentPatternRow => ({
  intent: "test",
  locale: "en",
  kind: "phrase",
  pattern,
  slots: {},
  ...more,
});
const matchOne = (pattern: string, text: string) => compilePatterns([row(pattern)]).match(text, "en")[0];

describe("phrases", () => {
  test("match with optional parts, alternatives and slots, whatever the case, diacritics and punctuation", () => {
    const phrase = "(what is|whats) the weather [like] in {place} [today]";
    expect(matchOne(phrase, "What's the WEATHER like in Kraków?")?.captured).toEqual({ place: "Kraków" });
    expect(matchOne(phrase, "what is the weather in São Paulo, today!")?.captured).toEqual({ place: "São Paulo" });
    expect(matchOne(phrase, "what is the weather in")).toBeUndefined();
    expect(matchOne(phrase, "tell me what is the weather in Rome")).toBeUndefined();
  });

  test("allow politeness around them", () => {
    expect(matchOne("lights off", "Please, lights off, thank you")).toBeDefined();
  });

  test("vary the ending or the beginning of a word with brackets that touch it", () => {
    expect(matchOne("light[s] on", "lights on")).toBeDefined();
    expect(matchOne("light[s] on", "light s on")).toBeUndefined();
    expect(matchOne("[ה]חדשות", "חדשות")).toBeDefined();
    expect(matchOne("świat(ło|ła) zgaś", "światła zgaś")).toBeDefined();
  });

  test("keep figures and signs in what a slot takes", () => {
    expect(matchOne("calculate {expression}", "Calculate (3.5 + 2) * 4?")?.captured).toEqual({
      expression: "(3.5 + 2) * 4",
    });
  });

  test.each(["a [b", "a b]", "(a|b", "a | b", "{} x", "{Place x", "", "x".repeat(501), "((((((a))))))", "(a|)"])(
    "refuse %j with the reason",
    (phrase) => {
      expect(() => compilePatterns([row(phrase)])).toThrowError(
        expect.objectContaining({ code: "INVALID_INPUT", field: "pattern" }),
      );
    },
  );

  test("prefer the pattern that says more, and the text's own locale", () => {
    const matcher = compilePatterns([
      row("{thing}", { intent: "anything" }),
      row("weather {place}", { intent: "weather" }),
      row("weather {place}", { intent: "other", locale: "pl" }),
    ]);
    expect(matcher.match("weather Rome", "en").map((match) => match.intent)).toEqual(["weather", "anything", "other"]);
    expect(matcher.match("weather Rome", "pl")[0]?.intent).toBe("other");
  });
});

describe("regular expressions", () => {
  test("find named groups anywhere in the text", () => {
    const matcher = compilePatterns([row("ticket (?P<number>\\d+)", { kind: "regex" })]);
    expect(matcher.match("Please close TICKET 4512 now", "en")[0]?.captured).toEqual({ number: "4512" });
  });

  test.each(["(a", "(?=a)b", "(a)\\1", "a*", `${"(a{900}){900}"}`, "x".repeat(1_001)])(
    "refuse %j with the reason",
    (pattern) => {
      expect(() => compilePatterns([row(pattern, { kind: "regex" })])).toThrowError(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
    },
  );
});

describe("any text", () => {
  const matcher = compilePatterns(defaultRegistry().patterns);

  test("is matched without an error, and what slots take is in it", () => {
    const words = fc.constantFrom(
      "what",
      "is",
      "the",
      "weather",
      "in",
      "Kraków",
      "17",
      "%",
      "of",
      ",",
      "?",
      "(",
      "jaka",
      "pogoda",
      "מה",
      "השעה",
      "ב",
      "😀",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.array(words).map((list) => list.join(" ")),
        ),
        (text) => {
          for (const { captured } of matcher.match(text, "en"))
            for (const value of Object.values(captured))
              expect(text.normalize("NFC")).toContain(value.normalize("NFC"));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("is matched against all default patterns well under a millisecond", () => {
    const texts = [
      "what's the weather in Kraków tomorrow",
      "how many feet are in a mile",
      "who was the first man on the moon",
      "jaka będzie pogoda jutro",
    ];
    for (let round = 0; round < 50; round += 1) for (const text of texts) matcher.match(text, "en");
    const started = performance.now();
    for (let round = 0; round < 250; round += 1) for (const text of texts) matcher.match(text, "en");
    expect((performance.now() - started) / 1_000).toBeLessThan(1);
  });
});
