import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import type { Evidence } from "../../../platform/evidence/evidence.ts";

const evidenceOf = (item: Partial<Evidence>, index: number): Evidence => ({
  id: `e${index + 1}`,
  service: "search",
  title: "Facts",
  text: "",
  data: {},
  sourceName: "Source",
  observedAt: "2026-11-21T12:00:00Z",
  score: 1,
  ...item,
});
const unsupported = (items: readonly Partial<Evidence>[], sentence: string, texts: readonly string[] = []) =>
  createGround({
    texts,
    evidence: items.map(evidenceOf),
    actions: [],
    locale: "en",
    timezone: "Europe/Warsaw",
    now: new Date("2026-11-21T12:00:00Z"),
  }).unsupported(sentence);

const books = [
  { title: "Atlas of Rivers", data: { title: "Atlas of Rivers", price: 84.5, currency: "PLN", pages: 412 } },
  { title: "Birds at Dusk", data: { title: "Birds at Dusk", price: 61.9, currency: "PLN", pages: 288 } },
];
const pool = [
  {
    text: "Pool: 40 lanes, 33 open. Tickets 18 PLN each. Occupancy 65%.",
    data: { lanes: 40, open: 33, occupancyPercent: 65 },
  },
];
const recipe = [{ text: "Soup: 250 g lentils, 3 carrots and 1.5 l water, serves 4. Simmer for 40 minutes." }];

describe("a figure that follows from others", () => {
  test.each([
    ["a difference, in money and in cents", books, "Atlas of Rivers costs 22.60 PLN more than Birds at Dusk."],
    ["a difference", books, "Atlas of Rivers jest droższy o 22 złote i 60 groszy niż Birds at Dusk."],
    ["a difference", books, "Atlas of Rivers дорожчий за Birds at Dusk на 22,60 злотих."],
    ["a difference", books, "Atlas of Rivers יקר מ-Birds at Dusk ב-22.60 זלוטי."],
    ["a sum", books, "Both together cost 146.40 PLN."],
    ["a sum", books, "Razem kosztują 146,40 zł."],
    ["a sum", books, "Разом вони коштують 146,40 злотих."],
    ["a sum", books, "ביחד הם עולים 146.40 זלוטי."],
    ["what is left of a whole", pool, "Seven lanes are not open."],
    ["what is left of a whole", pool, "7 lanes nie jest otwartych."],
    ["what is left of a hundred", pool, "35% of it is free."],
    ["what is left of a hundred", pool, "Wolnych jest 35 procent."],
    ["what is left of a hundred", pool, "Вільно 35 відсотків."],
    ["what is left of a hundred", pool, "35 אחוז נותרו פנויים."],
    ["a multiple", pool, "At 18 PLN each, both pay 36 PLN together."],
    ["a multiple", pool, "Bilet kosztuje 18 zł, czyli za oba 36 zł."],
    ["a multiple", pool, "По 18 злотих з особи, на обох виходить 36 злотих."],
    ["a multiple", pool, "18 זלוטי לכל אחד, ולשניהם 36 זלוטי."],
    ["a scaled recipe", recipe, "For a double portion take 500 g of lentils and six carrots in 3 l of water."],
    ["a scaled recipe", recipe, "Na podwójną porcję weź 500 g soczewicy."],
    ["a scaled recipe", recipe, "На подвійну порцію візьміть 500 г сочевиці."],
    ["a scaled recipe", recipe, "למנה כפולה קחו 500 גרם עדשים."],
    [
      "a total beside its parts",
      [{ text: "Leave: 20 days, and 6 days for length of service." }],
      "That makes 26 days: 20 and 6.",
    ],
    [
      "what was before a change",
      [{ text: "Diesel is 6.40 zł per litre, 15 groszy more than a month ago." }],
      "A month ago diesel was 6.25 zł.",
    ],
    [
      "a limit reached at a rate",
      [{ text: "The tank holds 900 l; the pump moves 150 l an hour." }],
      "The tank is empty after six hours.",
    ],
    ["an average", [{ data: { chapters: 48, parts: 6 } }], "48 chapters in 6 parts, eight each on average."],
  ])("passes: %s: %#", (_, items, sentence) => {
    expect(unsupported(items, sentence)).toBeUndefined();
  });

  test.each([
    ["a difference", books, "Atlas of Rivers costs 32.60 PLN more than Birds at Dusk."],
    ["a difference", books, "Atlas of Rivers jest droższy o 12 złotych niż Birds at Dusk."],
    ["a sum", books, "Both together cost 156.40 PLN."],
    ["what is left of a hundred", pool, "25% of it is free."],
    ["a multiple", pool, "At 18 PLN each, both pay 46 PLN together."],
    ["a scaled recipe", recipe, "For a double portion take 700 g of lentils."],
    ["a difference nobody spoke of", books, "Atlas of Rivers has 124 pages."],
    ["the figure of another", books, "Atlas of Rivers costs 61.90 PLN."],
    [
      "what was before a change",
      [{ text: "Diesel is 6.40 zł per litre, 15 groszy more than a month ago." }],
      "A month ago diesel was 6.05 zł.",
    ],
  ])("is refused when it does not: %s: %#", (_, items, sentence) => {
    expect(unsupported(items, sentence)).toBeDefined();
  });

  test("the year of a known date may be told alone", () => {
    const lease = [{ text: "The lease runs until 31.12.2029." }];
    for (const sentence of ["It runs to the end of 2029.", "Do końca 2029.", "До кінця 2029.", "עד סוף 2029."])
      expect(unsupported(lease, sentence)).toBeUndefined();
    expect(unsupported(lease, "It runs to the end of 2028.")).toBeDefined();
  });

  test("days that a range of weekdays leaves out are those it is closed on", () => {
    const museum = [{ text: "Музей працює ср–нд з 10:00 до 17:00." }];
    expect(unsupported(museum, "Музей відкритий щодня, крім понеділка та вівторка.")).toBeUndefined();
    expect(unsupported(museum, "Музей відкритий у понеділок.")).toBeDefined();
    const clinic = [{ text: "The clinic is open Mon–Thu, 8:00 to 16:00." }];
    expect(unsupported(clinic, "It is closed on Friday.")).toBeUndefined();
    expect(unsupported(clinic, "It is open on Friday.")).toBeDefined();
  });

  test("the time of a weather report is told in the user's zone", () => {
    const report = [{ text: "METAR EPGD 211130Z 24008KT 9999 OVC020 06/03 Q1011" }];
    expect(unsupported(report, "The report is from 12:30.")).toBeUndefined();
    expect(unsupported(report, "The report is from 11:30 UTC.")).toBeUndefined();
    expect(unsupported(report, "The report is from 13:45.")).toBeDefined();
  });

  test("hours told of several days hold for each of them", () => {
    const shop = [{ text: "Mon, Wed and Fri 10:00–18:00. Tue 12:00–20:00." }];
    expect(unsupported(shop, "On Monday it is open until 18:00.")).toBeUndefined();
    expect(unsupported(shop, "On Monday it is open until 20:00.")).toBeDefined();
    const library = [{ text: "ימים א, ג, ה: 10:00–18:00. יום ב: 12:00–20:00." }];
    expect(unsupported(library, "ביום שלישי פתוח עד 18:00.")).toBeUndefined();
    expect(unsupported(library, "ביום שלישי פתוח עד 20:00.")).toBeDefined();
  });

  test("a day that another is compared with is not what the figures behind it are told of", () => {
    const days = [
      {
        data: {
          days: [
            { date: "2026-11-21", maxC: 4 },
            { date: "2026-11-22", maxC: 9 },
          ],
        },
      },
    ];
    expect(unsupported(days, "Tomorrow is better than today: a high of 9 °C.")).toBeUndefined();
    expect(unsupported(days, "Jutro będzie lepiej niż dziś: maksymalnie 9 °C.")).toBeUndefined();
    expect(unsupported(days, "Tomorrow is better than today: a high of 4 °C.")).toBeDefined();
  });

  test.each([
    [[{ text: "nas: 4 disks, 1 failed." }], "Three of four disks work."],
    [[{ text: "nas: 4 disks, 1 failed." }], "Trzy z czterech dysków działają."],
    [[{ text: "nas: 4 disks, 1 failed." }], "Три з чотирьох дисків справні."],
    [[{ text: "nas: 4 disks, 1 failed." }], "שלושה מתוך ארבעה דיסקים פעילים."],
    [[{ text: "Bread costs 5,20 zł, 40 groszy more than last week." }], "Last week bread was 4.80 zł."],
    [[{ text: "Bread costs 5,20 zł, 40 groszy more than last week." }], "Three loaves would be 15.60 zł."],
    [[{ data: { temperatureC: -3.4 } }], "About 26 °F now."],
    [[{ data: { name: "Dune", year: 2021 } }], "It came out five years ago."],
  ])("follows in plain speech: %#", (items, sentence) => {
    expect(unsupported(items, sentence)).toBeUndefined();
  });

  test("entries are counted by their day", () => {
    const calendar = [
      { title: "Choir", data: { title: "Choir", starts: "2026-11-21T16:00:00Z" } },
      { title: "Vet", data: { title: "Vet", starts: "2026-11-21T18:00:00Z" } },
      { title: "Bank", data: { title: "Bank", starts: "2026-11-22T09:00:00Z" } },
    ];
    expect(unsupported(calendar, "You have two appointments today and one tomorrow.")).toBeUndefined();
    expect(unsupported(calendar, "You have five appointments today.")).toBeDefined();
  });

  test("a limit in round words is kept to by the true figure", () => {
    const bridge = [{ text: "The bridge is 317 m long." }];
    expect(unsupported(bridge, "The bridge is over 300 m long.")).toBeUndefined();
    expect(unsupported(bridge, "Most ma ponad 300 m.")).toBeUndefined();
    expect(unsupported(bridge, "Довжина мосту понад 300 м.")).toBeUndefined();
    expect(unsupported(bridge, "אורך הגשר מעל 300 מטרים.")).toBeUndefined();
    expect(unsupported(bridge, "The bridge is over 500 m long.")).toBeDefined();
  });
});
