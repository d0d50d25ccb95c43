import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSentenceSplitter } from "../../../platform/language/sentences.ts";

const split = (pieces: readonly string[]): string[] => {
  const splitter = createSentenceSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
};

describe("the sentence splitter", () => {
  test.each([
    [
      "It is 12.5 °C. Rain at 3 p.m. today! Really? Yes.",
      ["It is 12.5 °C. ", "Rain at 3 p.m. today! ", "Really? ", "Yes."],
    ],
    [
      "Dr. Smith and J. R. Jones met, e.g. in St. Louis. Then left.",
      ["Dr. Smith and J. R. Jones met, e.g. in St. Louis. ", "Then left."],
    ],
    ["See https://example.org/a.b?c=d. Or not.", ["See https://example.org/a.b?c=d. ", "Or not."]],
    ["Najwyżej, m.in. w Krakowie, ul. Długa. Koniec", ["Najwyżej, m.in. w Krakowie, ul. Długa. ", "Koniec"]],
    ["“Go.” He went.[1] (Far.) So", ["“Go.” ", "He went.[1] ", "(Far.) ", "So"]],
    ["1. First item\n2. Second. Item\n\nEnd", ["1. First item\n", "2. Second. ", "Item\n", "\nEnd"]],
    ["Use `a. b` here. Ok", ["Use `a. b` here. ", "Ok"]],
    ["שלום. מה שלומך? טוב.", ["שלום. ", "מה שלומך? ", "טוב."]],
  ])("cuts %j where sentences end", (text, sentences) => {
    expect(split([text])).toEqual(sentences);
  });

  test("passes a fenced code block whole, with its fences", () => {
    const code = "```js\nlet a = 1. \n// Done. Really.\n```\n";
    expect(split([`Look here:\n${code}After it. End.`])).toEqual(["Look here:\n", code, "After it. ", "End."]);
  });

  test("gives a sentence out as soon as the space after it is seen", () => {
    const splitter = createSentenceSplitter();
    expect(splitter.push("It rains.")).toEqual([]);
    expect(splitter.push(" ")).toEqual(["It rains. "]);
  });

  test("cuts prose without an end, so that what is held back is bounded", () => {
    const sentences = split(["word ".repeat(10_000)]);
    expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(8_000);
    expect(sentences.join("")).toBe("word ".repeat(10_000));
  });

  const texts = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ". ",
          "! ",
          "?",
          "...",
          "\n",
          "\n\n",
          "```",
          "```\n",
          "~~~\n",
          "`",
          " ",
          "e.g.",
          "Dr. ",
          "1. ",
          "3.14",
          "[2]",
          ")",
          "”",
          "😀",
          "Kraków",
          "ул. ",
          "。",
        ),
        fc.string({ maxLength: 12, unit: "grapheme" }),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(""));

  test("gives the same sentences however the stream is cut, and loses nothing", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat({ max: 400 }), { maxLength: 30 }), (text, cuts) => {
        const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort(
          (left, right) => left - right,
        );
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        const sentences = split(pieces);
        expect(sentences.join("")).toBe(text);
        expect(sentences).toEqual(split([text]));
      }),
      { numRuns: 500 },
    );
  });

  test("takes hostile text in linear time, whatever its shape", () => {
    for (const unit of ["a", ". ", "`", "```\n", "[1", "\n", "((", "e.g."]) {
      const started = performance.now();
      const text = unit.repeat(Math.ceil(400_000 / unit.length));
      expect(split([text]).join("") === text).toBe(true);
      expect(performance.now() - started).toBeLessThan(1_500);
    }
  });
});
