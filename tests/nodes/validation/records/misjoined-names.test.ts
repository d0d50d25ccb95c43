import { describe, expect, test } from "vitest";
import { misjoinedNames } from "../../../../nodes/validation/records/misjoined-names.ts";
import { groundOf } from "../../../support/ground-of.ts";

const groundOfData = (...data: readonly Record<string, unknown>[]) => groundOf(data.map((each) => ({ data: each })));

const crew = groundOfData({
  shifts: [
    { nurse: "Olga Bielska", ward: "Paediatrics" },
    { nurse: "Piotr Zaręba", ward: "Cardiology" },
  ],
});
const cast = groundOfData({
  cast: [
    { actor: "Ірма Вовк", role: "Олена Гнатюк" },
    { actor: "Богдан Рій", role: "Кравець" },
  ],
});
const concerts = groundOfData(
  { kind: "event", title: "Jazz Night", venue: "Blue Hall" },
  { kind: "event", title: "Poetry Slam", venue: "Old Brewery" },
);
const film = groundOfData({
  offers: [
    { way: "subscription", names: ["Netflix"] },
    { way: "rent", names: ["Rakuten", "Apple TV"] },
  ],
});
const series = groundOfData({ next: { name: "Ashes", number: 4 }, last: { name: "Embers", number: 3 } });
const ticket = groundOfData({ assignee: "Rita Moss", lastComment: { author: "Karl Dorn" } });

describe("names that records keep apart", () => {
  test.each([
    [crew, "Olga Bielska works in Cardiology."],
    [crew, "Olga jest na Cardiology, a Piotr Zaręba na Paediatrics."],
    [cast, "Кравця грає Ірма Вовк."],
    [concerts, "Jazz Night is in the Old Brewery."],
    [concerts, "Poetry Slam odbędzie się w Blue Hall."],
    [film, "You can rent it on Netflix."],
    [film, "W abonamencie ma go Rakuten."],
    [film, "В оренду він є на Netflix."],
    [film, "במינוי: Rakuten."],
    [series, "The next episode is “Embers”."],
    [series, "Ostatni odcinek to „Ashes”."],
    [series, "Наступна серія — «Embers»."],
    [series, "הפרק הבא הוא Embers."],
    [ticket, "It is assigned to Karl Dorn."],
    [ticket, "Zgłoszenie prowadzi Karl Dorn."],
    [ticket, "Останній коментар залишила Rita Moss."],
  ])("are not joined (%#: %s)", (ground, sentence) => {
    expect(misjoinedNames(sentence, ground)).toBeDefined();
  });

  test.each([
    [crew, "Olga Bielska works in Paediatrics, Piotr Zaręba in Cardiology."],
    [crew, "Olga Bielska and Piotr Zaręba work in Paediatrics and Cardiology."],
    [crew, "Piotr is not in Paediatrics."],
    [cast, "Олену Гнатюк грає Ірма Вовк."],
    [concerts, "Jazz Night is in the Blue Hall, Poetry Slam in the Old Brewery."],
    [concerts, "After Jazz Night you can go to the Old Brewery."],
    [film, "It is on Netflix with a subscription and to rent on Rakuten and Apple TV."],
    [film, "Wypożyczysz go w Apple TV."],
    [series, "The next episode is “Ashes”; the last one was “Embers”."],
    [series, "Last week there was no “Ashes”."],
    [ticket, "Rita Moss has it; the last comment is by Karl Dorn."],
    [ticket, "Przypisano do: Rita Moss, ostatni komentarz: Karl Dorn."],
  ])("stay together as they are (%#: %s)", (ground, sentence) => {
    expect(misjoinedNames(sentence, ground)).toBeUndefined();
  });

  test("are looked for in long texts without holding the process up", () => {
    const many = groundOfData({
      rows: Array.from({ length: 200 }, (_, index) => ({
        name: `Person${index} Surname${index}`,
        team: `Team${index}`,
      })),
    });
    const text = "Person7 Surname9 Team3, and Team4 ".repeat(3_000);
    many.read(text);
    const start = performance.now();
    misjoinedNames(text, many);
    expect(performance.now() - start).toBeLessThan(400);
  });
});
