import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText, foldText, wordsOf } from "../../../platform/language/normalise-text.ts";

test("folds case, diacritics and width", () => {
  expect(foldText("KRAKÓW Łódź ＡＢＣ Їжак")).toBe("krakow lodz abc іжак");
});

test("keeps figures and sums whole and drops other punctuation", () => {
  expect(canonicalText("What's 17 % of 2,340?!").text).toBe("whats 17 % of 2,340");
  expect(canonicalText("  well-known; -5 + (3.5*2) ").text).toBe("well known -5 + (3.5*2)");
  expect(canonicalText("תל־אביב, מחר").text).toBe("תל אביב מחר");
});

test("points each canonical character back into the original", () => {
  const original = "Weather in  Kraków, tomorrow?";
  const { text, starts } = canonicalText(original);
  const at = text.indexOf("krakow");
  expect(original.slice(starts[at], (starts[at + 5] ?? 0) + 1)).toBe("Kraków");
});

test("has one origin for each character, never decreasing, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (original) => {
      const { text, starts } = canonicalText(original);
      expect(starts.length).toBe(text.length + 1);
      for (let index = 1; index < starts.length; index += 1)
        expect(starts[index]!).toBeGreaterThanOrEqual(starts[index - 1]!);
      expect(canonicalText(text).text).toBe(text);
    }),
  );
});

test("gives words without marks", () => {
  expect(wordsOf("Don't  panic, Łódź!")).toEqual(["dont", "panic", "lodz"]);
});
