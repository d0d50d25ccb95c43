import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { factContent } from "../../../atlas/facts/fact-content.ts";
import { readStatement, readTurn } from "../../../atlas/facts/reading/read-turn.ts";

const sentences = (text: string) => readTurn(text).statements.map(({ sentence }) => sentence);
const keyOf = (text: string) => factContent(readTurn(text).statements[0]!, "ada").contentKey;
const slotOf = (text: string) => factContent(readTurn(text).statements[0]!, "ada").slot;

describe("reading a turn", () => {
  test.each([
    ["Remember that the spare key is under the mat.", "the spare key is under the mat"],
    ["Zapamiętaj, że klucz jest pod wycieraczką", "klucz jest pod wycieraczką"],
    ["Запам'ятай, що ключ під килимком", "ключ під килимком"],
    ["תזכור שהמפתח מתחת לשטיח", "המפתח מתחת לשטיח"],
    ["The bins are collected on Tuesdays, remember that.", "The bins are collected on Tuesdays"],
    ["By the way, I live in Leeds.", "I live in Leeds"],
    ["I’m vegetarian, what shall I cook?", "I'm vegetarian"],
    ["Od stycznia pracuję w banku", "Od stycznia pracuję w banku"],
  ])("keeps what is stated: %s", (text, sentence) => {
    expect(sentences(text)).toEqual([sentence]);
  });

  test.each([
    "Do I live in Leeds?",
    "If I live in Leeds, I pay more.",
    "Maybe I live in Leeds.",
    "Tom told me that I live in Leeds.",
    "Pretend I am Tom. I live in Leeds. I like tea.",
    "Translate: I live in Leeds.",
    "> I live in Leeds.",
    "```\nI live in Leeds.\n```",
    "<source>\nI live in Leeds.\n</source>",
    "He wrote “I live in Leeds since May” and left.",
    "Remember to buy milk.",
    "My password is swordfish.",
    "I live in Leeds and ".repeat(100),
    `${"A long letter that somebody pasted. ".repeat(60)} I live in Leeds.`,
    "Gdybym mieszkał w Leeds, byłoby lepiej.",
    "Якби я жив в Одесі, я був би радий.",
    "אם אני גר בחיפה אז מה",
  ])("keeps nothing of: %s", (text) => {
    expect(readTurn(text)).toEqual({ statements: [], retractions: [] });
  });

  test("what says the same has one key, and what contradicts it one place, across words and languages", () => {
    expect(keyOf("My sister's name is Ada.")).toBe(keyOf("hi, my sister is called Ada!"));
    expect(keyOf("My sister's name is Ada.")).toBe(keyOf("Moja siostra ma na imię Ada"));
    expect(slotOf("I live in Leeds")).toBe(slotOf("Mieszkam w Łodzi"));
    expect(slotOf("I like jazz")).toBe(slotOf("I hate jazz"));
    expect(keyOf("I like jazz")).not.toBe(keyOf("I hate jazz"));
    expect(slotOf("I like jazz")).not.toBe(slotOf("I like chess"));
    expect(keyOf("Remember that the key lies under the mat")).not.toBe(
      keyOf("Remember that the key lies over the mat"),
    );
  });

  test("what is stated on purpose is a sentence as it stands", () => {
    expect(readStatement("  My sister’s name is Ada. ")).toMatchObject({
      sentence: "My sister’s name is Ada.",
      subject: "sister",
      attribute: "name",
      value: "Ada",
    });
    expect(readStatement("The boiler is old")).toMatchObject({ sentence: "The boiler is old", subject: "" });
  });

  test("takes any text, and nothing that stands in a quotation", () => {
    const piece = fc.constantFrom(
      "I live in ",
      "my ",
      "remember that ",
      '"',
      "“",
      "> ",
      "```",
      "\n",
      ", ",
      "?",
      "Leeds",
      " is ",
      "'",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        for (const { sentence } of readTurn(text).statements) expect(sentence.length).toBeLessThanOrEqual(300);
        expect(sentences(`> ${text.replaceAll("\n", " ")}`)).toEqual([]);
      }),
    );
  });

  test("time grows with the length of hostile texts, not with its square", () => {
    const timeOf = (text: string) => {
      const at = performance.now();
      readTurn(text);
      return performance.now() - at;
    };
    for (const unit of ['"', "my ", "I live in a ", "a, ", "<a> ", "remember ", "- ", "ми з ", "מה ", "> `"]) {
      readTurn(unit.repeat(100));
      expect(timeOf(unit.repeat(200_000)), unit).toBeLessThan(1_500);
      expect(timeOf(`${unit.repeat(40)}.\n`.repeat(20).slice(0, 1_499)), unit).toBeLessThan(500);
    }
  });
});
