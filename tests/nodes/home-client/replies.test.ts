import { describe, expect, test } from "vitest";
import { askHome, writingCalls } from "../../support/home/ask-home.ts";
import * as client from "../../support/home/home-client.ts";

const polishLamps = [
  { names: "Lampa stojąca", domain: "light", areas: "Salon" },
  { names: "Lampa sufitowa", domain: "light", areas: "Salon" },
];
const hebrewLamps = [
  { names: "מנורה גדולה", domain: "light", areas: "סלון" },
  { names: "מנורה קטנה", domain: "light", areas: "סלון" },
];

/** An order that makes the home ask which one, answers that choose, and replies that must not switch anything. */
const languages = {
  en: {
    entities: client.house,
    order: "turn on the lamp",
    chooses: {
      one: [
        "the ceiling one",
        "ceiling lamp please",
        "I mean the ceiling lamp",
        "the second",
        "turn on the ceiling lamp",
        "ceiling",
      ],
      both: ["both", "both please", "all of them", "both lamps"],
    },
    leaves: [
      "is the ceiling lamp on?",
      "is the ceiling lamp on",
      "which one is the ceiling lamp?",
      "which one is the ceiling lamp",
      "what about the ceiling lamp?",
      "don't turn on the ceiling lamp",
      "not the ceiling one",
      "anything but the ceiling lamp",
      "neither, leave the ceiling lamp alone",
      "forget it all",
      "forget all of that",
      "forget the ceiling lamp",
      "cancel them all",
      "never mind the ceiling lamp",
      "the ceiling lamp is broken",
      "all right, stop",
      "the ceiling lamp if it is dark",
    ],
  },
  pl: {
    entities: polishLamps,
    order: "włącz lampę",
    chooses: {
      one: ["sufitową", "lampę sufitową proszę", "tę sufitową", "chodzi mi o sufitową", "drugą", "włącz sufitową"],
      both: ["obie", "wszystkie proszę"],
    },
    leaves: [
      "czy sufitowa jest włączona?",
      "czy sufitowa jest włączona",
      "która to sufitowa?",
      "nie sufitową",
      "nie włączaj sufitowej",
      "żadnej, zostaw sufitową",
      "zapomnij o wszystkim, wszystko nieważne",
      "zapomnij o sufitowej",
      "byle nie sufitową",
      "sufitową jeśli jest ciemno",
      "zepsuło się wszystko",
    ],
  },
  uk: {
    entities: client.ukrainianHouse,
    order: "увімкни лампу",
    chooses: {
      one: ["під стелею", "ту під стелею", "лампу під стелею будь ласка", "другу", "увімкни під стелею"],
      both: ["обидві", "усі будь ласка"],
    },
    leaves: [
      "чи лампа під стелею увімкнена?",
      "чи лампа під стелею увімкнена",
      "яка це під стелею?",
      "не під стелею",
      "не вмикай лампу під стелею",
      "жодну, облиш ту під стелею",
      "забудь усе це зовсім",
      "забудь про лампу під стелею",
      "під стелею якщо темно",
      "усе зламалося",
    ],
  },
  he: {
    entities: hebrewLamps,
    order: "תדליק את המנורה",
    chooses: {
      one: ["קטנה", "מנורה קטנה בבקשה", "את המנורה הקטנה", "השנייה", "תדליק את מנורה קטנה"],
      both: ["שתיהן", "כולן בבקשה"],
    },
    leaves: [
      "האם המנורה הקטנה דולקת?",
      "האם המנורה הקטנה דולקת",
      "איזו מהן מנורה קטנה?",
      "לא את המנורה הקטנה",
      "אל תדליק את המנורה הקטנה",
      "תשכח מהמנורה הקטנה",
      "עזוב את הכל לגמרי",
      "מנורה קטנה אם חשוך",
      "הכל התקלקל",
    ],
  },
} as const;

describe.each(Object.entries(languages))(
  "in %s an answer to a question of ours",
  (locale, { entities, order, chooses, leaves }) => {
    const request = { locale };
    const question = askHome(order, { entities, request });
    const reply = (text: string) =>
      askHome(text, {
        entities,
        request,
        before: [
          { role: "user", content: order },
          { role: "assistant", content: String(question) },
        ] as never,
      });

    test("is waited for", () => {
      expect(question).toMatch(/\?$/);
    });

    test.each(chooses.one)("chooses one: %s", (text) => {
      expect(reply(text)).toEqual([["HassTurnOn", { name: entities[1]!.names, domain: ["light"] }]]);
    });

    test.each(chooses.both)("chooses all: %s", (text) => {
      expect(writingCalls(reply(text))).toEqual(["HassTurnOn", "HassTurnOn"]);
    });

    test.each(leaves)("switches nothing where it asks, forbids or drops the matter: %s", (text) => {
      expect(writingCalls(reply(text))).toEqual([]);
    });
  },
);

test("another order in place of an answer is that order", () => {
  const before = [
    { role: "user", content: "turn on the lamp" },
    { role: "assistant", content: "Which one: Bedside Lamp or Ceiling Lamp?" },
  ] as never;
  expect(askHome("turn off the ceiling lamp", { before })).toEqual([
    ["HassTurnOff", { name: "Ceiling Lamp", domain: ["light"] }],
  ]);
});
