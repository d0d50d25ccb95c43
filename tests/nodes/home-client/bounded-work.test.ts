import { describe, expect, test } from "vitest";
import { createHomeParser } from "../../../nodes/home/home-parser.ts";
import { mostLettersRead } from "../../../nodes/home-client/bounded-reader.ts";
import { askHome } from "../../support/home/ask-home.ts";

const parser = createHomeParser();
const entities = Array.from({ length: 1_500 }, (_, index) => ({
  names: `Lamp ${index} room`,
  domain: "light",
  areas: `Room ${index % 40}`,
}));

/** How many letters a turn made the parser read. */
const lettersRead = (text: string, locale: string): number => {
  let letters = 0;
  const counted =
    <Read>(read: (words: string, options: never) => Read) =>
    (words: string, options: unknown): Read => {
      letters += words.length;
      return read(words, options as never);
    };
  askHome(text, {
    entities,
    request: { locale },
    parser: { parse: counted(parser.parse), signs: counted(parser.signs) },
  });
  return letters;
};

describe("a text made to cost time", () => {
  test.each([
    ["en", `turn on ${"lamp room ".repeat(48)}`],
    ["en", "turn on lamp of room and ".repeat(20)],
    ["en", "turn on the lamp and turn on the lamp if ".repeat(12)],
    ["pl", "włącz lampę room i ".repeat(25)],
    ["uk", "увімкни лампу room та ".repeat(22)],
    ["he", "תדליק את lamp room ואז ".repeat(21)],
  ])("%s: is read no more than a turn allows", (locale, text) => {
    expect(text.length).toBeLessThanOrEqual(502);
    expect(lettersRead(text.slice(0, 500), locale)).toBeLessThanOrEqual(mostLettersRead);
  });

  test("is not acted on when it was not read to its end", () => {
    expect(askHome("turn on lamp 1 room and turn on lamp 2 room and ".repeat(10), { entities })).toBe("passed on");
  });

  test("leaves room for what people say", () => {
    const said = "turn on lamp 1 room and lamp 2 room, turn off lamp 3 room and then turn on lamp 4 room please";
    expect(askHome(said, { entities })).toHaveLength(4);
  });
});
