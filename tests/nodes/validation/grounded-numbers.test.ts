import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groundOf } from "../../support/ground-of.ts";

describe("figures of an answer", () => {
  const ground = groundOf(
    [
      { text: "Gdańsk Lech Wałęsa Airport lies 489 ft above sea level." },
      { data: { temperatureC: 21.4, windMetresPerSecond: 5, at: "2026-11-22T10:00:00Z" } },
    ],
    ["what is 17 % of 2,340?"],
  );

  test.each([
    "The airport is 489 ft high.",
    "That is about 149 m.",
    "It will be 21 °C.",
    "It will be twenty-one degrees.",
    "Będzie dwadzieścia jeden stopni.",
    "Буде двадцять один градус.",
    "יהיו עשרים ואחת מעלות.",
    "It will be 70.5 °F.",
    "The wind blows at 18 km/h.",
    "See [1], [2].",
    "On 22 November 2026 at 11:00.",
    "W niedzielę 22 listopada o jedenastej.",
    "У неділю, 22 листопада, об 11:00.",
    "You asked for 17 % of 2 340.",
  ])("are supported: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    ["The airport is 498 ft high.", "498 ft"],
    ["It will be 25 °C.", "25 °C"],
    ["It will be 21 °F.", "21 °F"],
    ["Pay $900 now.", "900"],
    ["On Monday 22 November.", "Monday"],
    ["O 14:00.", "14:00"],
  ])("are refused: %s", (sentence, figure) => {
    expect(ground.unsupported(sentence)).toContain(figure);
  });

  test("belong to what they are told of", () => {
    const two = groundOf([
      { title: "Leeds", data: { name: "Leeds", days: [{ date: "2026-11-22", minC: 3.1, maxC: 9.8 }] } },
      { title: "Oslo", data: { name: "Oslo", days: [{ date: "2026-11-22", minC: -6, maxC: -2 }] } },
    ]);
    expect(two.unsupported("Leeds has a high of 10 °C and a low of 3 °C.")).toBeUndefined();
    expect(two.unsupported("Leeds has a high of 3 °C.")).toBeDefined();
    expect(two.unsupported("Oslo has a high of 10 °C.")).toBeDefined();
  });

  test("are supported however a locale writes them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500_000_000 }),
        fc.constantFrom("en-US", "pl-PL", "uk-UA", "he-IL", "de-DE"),
        (hundredths, locale) => {
          const value = hundredths / 100;
          const written = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
          expect(groundOf([{ data: { value } }]).unsupported(`= ${written} m.`)).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });

  test("dates are supported however a locale writes them", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2020-01-01"), max: new Date("2035-12-31"), noInvalidDate: true }),
        fc.constantFrom("en-US", "en-GB", "pl-PL", "uk-UA", "he-IL"),
        fc.constantFrom("full" as const, "long" as const),
        (date, locale, dateStyle) => {
          const day = date.toISOString().slice(0, 10);
          const written = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: "UTC" }).format(date);
          expect(groundOf([{ data: { date: day } }]).unsupported(`– ${written}.`)).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });

  test("100 KB of anything is judged without holding the process up", () => {
    for (const hostile of [
      "1,",
      "1 234 ",
      "9",
      "-",
      "1.1.",
      "a",
      "21 °C, ",
      "one hundred and ",
      "Kraków ",
      "половина ",
      "https://",
    ]) {
      const text = hostile.repeat(Math.ceil(100_000 / hostile.length));
      const other = groundOf([{ title: "Kraków", data: { temperatureC: 21 } }]);
      other.unsupported("warm up");
      // The processor's own time: what else the machine does must not count.
      const started = process.cpuUsage();
      for (let at = 0; at < text.length; at += 8_000) other.unsupported(text.slice(at, at + 8_000));
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1_000, hostile).toBeLessThan(1_000);
    }
  });
});
