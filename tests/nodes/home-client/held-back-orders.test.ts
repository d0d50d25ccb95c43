import { describe, expect, test } from "vitest";
import { askHome, cutAtCommas, writingCalls } from "../../support/home/ask-home.ts";
import * as client from "../../support/home/home-client.ts";

/** For each language: its house, orders that are carried out as they stand, and what takes their force away. */
const languages = {
  en: {
    entities: client.house,
    orders: ["turn on the kitchen light", "unlock the front door", "open the left curtain", "turn off all the lights"],
    before: [
      "if nobody is home",
      "if it rains",
      "when it gets dark",
      "whenever I come home",
      "once the kettle boils",
      "unless it is raining",
      "if the front door is open",
      "if the desk is on",
      "as soon as I leave",
      "as long as the tv is on",
      "until I am back",
      "while the tv is on",
      "in case it gets cold",
      "provided nobody is home",
      "every time it rains",
      "the moment it gets dark",
      "suppose I said",
      "what if I said",
      "what would happen if I said",
    ],
    reported: ["yesterday I asked you", "in the book the wizard says", "she told me to tell you", "I was only joking"],
    after: ["if it rains", "when it gets dark", "unless somebody is home", "once I am gone", "until I come back"],
    negated: ["don't", "do not", "never"],
  },
  pl: {
    entities: client.polishHouse,
    orders: ["włącz światło w kuchni", "otwórz rolety", "zgaś lampkę nocną"],
    before: [
      "jeśli pada",
      "jeżeli nikogo nie ma w domu",
      "gdy zrobi się ciemno",
      "kiedy wrócę",
      "jak tylko wyjdę",
      "jak wrócę do domu",
      "gdyby padało",
      "jeśli rolety są otwarte",
      "dopóki jest ciemno",
      "skoro pada",
      "o ile pada",
      "w razie deszczu",
      "załóżmy że mówię",
      "a co jeśli powiem",
    ],
    reported: ["wczoraj prosiłem", "w książce czarodziej mówi", "ona kazała ci powiedzieć"],
    after: ["jeśli pada", "gdy zrobi się ciemno", "kiedy wrócę", "chyba że pada"],
    negated: ["nie", "nigdy"],
  },
  uk: {
    entities: client.ukrainianHouse,
    orders: ["увімкни світло на кухні", "відчини вхідні двері", "вимкни лампу на столі"],
    before: [
      "якщо йде дощ",
      "якщо нікого немає вдома",
      "коли стемніє",
      "щойно я вийду",
      "як тільки я вийду",
      "якби йшов дощ",
      "якщо лампа на столі увімкнена",
      "поки темно",
      "у разі дощу",
      "за умови що темно",
      "а що якщо я скажу",
    ],
    reported: ["вчора я просив", "у книзі чарівник каже"],
    after: ["якщо йде дощ", "коли стемніє", "щойно я вийду"],
    negated: ["не", "ніколи не"],
  },
  he: {
    entities: client.hebrewHouse,
    orders: ["תדליק את אור תקרה", "פתח את התריס הגדול", "כבה את מנורת לילה"],
    before: [
      "אם יורד גשם",
      "אם אין אף אחד בבית",
      "כשמחשיך",
      "כשאני יוצא",
      "כאשר מחשיך",
      "ברגע שאני יוצא",
      "אם התריס הגדול פתוח",
      "כל עוד חשוך",
      "במקרה שיורד גשם",
      "עד שאחזור",
      "נניח שאמרתי",
      "מה אם אגיד",
    ],
    reported: ["אתמול ביקשתי", "בספר הקוסם אומר"],
    after: ["אם יורד גשם", "כשמחשיך", "ברגע שאני יוצא"],
    negated: ["אל"],
  },
} as const;

describe.each(Object.entries(languages))(
  "in %s an order",
  (locale, { entities, orders, before, reported, after, negated }) => {
    const calls = (text: string, cut = false) =>
      writingCalls(askHome(text, { entities, request: { locale, parts: cut ? cutAtCommas(text) : [] } }));

    test.each(orders)("is carried out as it stands: %s", (order) => {
      expect(calls(order)).toHaveLength(1);
    });

    test.each(before)("waits behind a condition, however the text is cut: %s", (condition) => {
      for (const order of orders)
        for (const text of [`${condition}, ${order}`, `${condition} ${order}`, `${order}, ${condition}, ${order}`]) {
          expect(calls(text), text).toEqual([]);
          expect(calls(text, true), text).toEqual([]);
        }
    });

    test.each(after)("waits before a condition: %s", (condition) => {
      for (const order of orders)
        for (const text of [`${order} ${condition}`, `${order}, ${condition}`, `${order}, ${order} ${condition}`]) {
          expect(calls(text), text).toEqual([]);
          expect(calls(text, true), text).toEqual([]);
        }
    });

    test.each(reported)("that is only told of is none: %s", (opening) => {
      for (const order of orders) {
        expect(calls(`${opening}, ${order}`)).toEqual([]);
        expect(calls(`${opening}, ${order}`, true)).toEqual([]);
      }
    });

    test.each(negated)("that is forbidden holds the others back: %s", (word) => {
      const [first, second] = orders;
      expect(calls(`${word} ${first}, ${second}`)).toEqual([]);
      expect(calls(`${word} ${first}, ${second}`, true)).toEqual([]);
    });
  },
);

describe("a condition", () => {
  test.each([
    ["en", "if it rains, turn on the kitchen light", client.house, /on a condition/],
    ["pl", "jeśli pada, włącz światło w kuchni", client.polishHouse, /Warunkowo/],
    ["uk", "якщо йде дощ, увімкни світло на кухні", client.ukrainianHouse, /За умовою/],
    ["he", "אם יורד גשם, תדליק את אור תקרה", client.hebrewHouse, /בתנאי/],
  ] as const)("%s: is told to be one where no model could take it", (locale, text, entities, told) => {
    expect(askHome(text, { entities, request: { locale } })).toMatch(told);
    expect(askHome(text, { entities, request: { locale }, hasModel: true })).toBe("passed on");
  });

  test("that is part of a name is no condition", () => {
    const entities = [...client.house, { names: "When I Leave", domain: "scene" }];
    expect(askHome("activate when i leave", { entities })).toEqual([
      ["HassTurnOn", { name: "When I Leave", domain: ["scene"] }],
    ]);
  });
});

describe("other parts of a query", () => {
  const order = { text: "turn on the kitchen light", name: "home_control", confidence: 1, tier: "example", slots: {} };
  test.each([
    ["what is the weather in Paris", "example"],
    ["how high is Gdańsk airport", "example"],
    ["tell me a joke", "pattern"],
    ["good morning", "example"],
  ] as const)("that ask for something themselves leave the order as it is: %s", (text, tier) => {
    const parts = [{ ...order, text, name: "chat", tier }, order] as never;
    expect(writingCalls(askHome(`${text} and ${order.text}`, { request: { parts } }))).toEqual(["HassTurnOn"]);
  });
});

test("a condition of one language holds where the rest of the sentence is one in another", () => {
  const entities = [...client.house, { names: "Timer", domain: "switch" }];
  for (const text of ["if it rains, stop my timer", "stop the timer if it rains", "unless I call, cancel my timer"])
    expect(writingCalls(askHome(text, { entities })), text).toEqual([]);
});

test.each([
  ["en", 'say "turn on the kitchen light"', client.house],
  ["en", "the note says “unlock the front door”", client.house],
  ["pl", "powiedz „włącz światło w kuchni”", client.polishHouse],
  ["uk", "скажи «увімкни світло на кухні»", client.ukrainianHouse],
  ["he", 'תגיד "תדליק את אור תקרה"', client.hebrewHouse],
] as const)("%s: an order that is only quoted is none: %s", (locale, text, entities) => {
  expect(writingCalls(askHome(text, { entities, request: { locale } }))).toEqual([]);
});
