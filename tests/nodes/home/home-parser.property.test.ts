import fc from "fast-check";
import { expect, test } from "vitest";
import type { Home } from "../../../nodes/home/home.ts";
import { createHomeParser } from "../../../nodes/home/home-parser.ts";
import { englishHome, polishHome } from "../../support/sample-homes.ts";

const parser = createHomeParser();
const homes = { en: englishHome, pl: polishHome } as const;
const languages = fc.constantFrom("en", "pl", "uk", "he", "de");

const englishWords = [
  ..."turn on off the lights light kitchen open close blinds patio blind set to 50 percent lock garden gate start pause timer minutes play add milk list all and in here red volume degrees reading lamp up down".split(
    " ",
  ),
  "desk fan",
  "sonos",
  "shopping list",
];
const polishWords =
  "włącz wyłącz światło w kuchni zamknij roletę ustaw na 50 procent zablokuj drzwi minutnik minut dodaj mleko do listy czerwony lampę stojącą wszystkie tutaj bramę".split(
    " ",
  );

test("any text gets an answer, never an exception", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "grapheme", maxLength: 200 }), fc.string({ maxLength: 200 })),
      languages,
      (text, language) => {
        parser.parse(text, { home: englishHome, language });
        parser.recognise(text, { language });
      },
    ),
    { numRuns: 300 },
  );
});

test("a question never becomes an order, whatever is asked", () => {
  const asked = fc.oneof(
    fc.record({
      language: fc.constant("en" as const),
      text: fc
        .tuple(
          fc.constantFrom("is", "are", "did you", "why", "which", "what", "where is", "how many", "when"),
          fc.array(fc.constantFrom(...englishWords), { maxLength: 8 }),
        )
        .map(([question, words]) => `${question} ${words.join(" ")}?`),
    }),
    fc.record({
      language: fc.constant("pl" as const),
      text: fc
        .tuple(
          fc.constantFrom("czy", "dlaczego", "które", "ile", "gdzie jest", "kiedy", "jaki jest"),
          fc.array(fc.constantFrom(...polishWords), { maxLength: 8 }),
        )
        .map(([question, words]) => `${question} ${words.join(" ")}?`),
    }),
  );
  fc.assert(
    fc.property(asked, ({ language, text }) => {
      const reading = parser.parse(text, { home: homes[language], language });
      expect(reading?.kind === "command" ? reading.effect : "read").toBe("read");
    }),
    { numRuns: 1_000 },
  );
});

test("an order names only what the home has", () => {
  const names = new Set(
    [...englishHome.entities, ...englishHome.areas, ...englishHome.floors].flatMap((named) => named.names),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...englishWords), { minLength: 1, maxLength: 8 }), (words) => {
      const reading = parser.parse(words.join(" "), { home: englishHome, language: "en" });
      if (reading?.kind !== "command" || /Timer|List|Search/u.test(reading.intent)) return;
      for (const key of ["name", "area", "floor"]) {
        const value = reading.slots[key];
        if (value !== undefined && value !== "all") expect(names).toContain(value);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a parse takes about a millisecond in a home of 200 things, and hostile text no longer", () => {
  const home: Home = {
    floors: [],
    areas: Array.from({ length: 20 }, (_, index) => ({ names: [`Room ${index}`] })),
    entities: Array.from({ length: 200 }, (_, index) => ({
      names: [`Lamp number ${index}`],
      domain: "light",
      area: `Room ${index % 20}`,
    })),
  };
  const sentences = ["turn on lamp number 17 in room 3", "which lights are on in room 12?", "set room 4 to 30 percent"];
  for (const text of sentences) parser.parse(text, { home, language: "en" });
  const started = performance.now();
  for (let round = 0; round < 100; round += 1)
    for (const text of sentences) parser.parse(text, { home, language: "en" });
  // Ten times the aim: the machine may be busy.
  expect((performance.now() - started) / 300).toBeLessThan(10);
  for (const unit of ["turn on ", "a", "lamp ", "(((", "1 1 ", "\u0301", "and a half minutes ", "\"'"]) {
    const hostile = unit.repeat(Math.ceil(100_000 / unit.length));
    const at = performance.now();
    parser.parse(hostile, { home, language: "pl" });
    parser.parse(hostile, { home, language: "en" });
    expect(performance.now() - at).toBeLessThan(500);
  }
});
