import { describe, expect, test } from "vitest";
import type { ChatMessage, ToolCall } from "../../../platform/models/model-gateway.ts";
import { askHome, writingCalls } from "../../support/home/ask-home.ts";
import * as client from "../../support/home/home-client.ts";

const houses = { en: client.house, pl: client.polishHouse, uk: client.ukrainianHouse, he: client.hebrewHouse };
type Language = keyof typeof houses;

const asked = (locale: string) => ({ entities: houses[locale as Language], request: { locale } });

/** The messages of calls that were made, each with a result. */
const made = (
  ...calls: readonly (readonly [name: string, args: ToolCall["arguments"], result: string])[]
): ChatMessage[] => [
  {
    role: "assistant",
    content: "",
    toolCalls: calls.map(([name, args], id) => ({ id: `${id}`, name, arguments: args })),
  },
  ...calls.map(([, , content], id) => ({ role: "tool", content, toolCallId: `${id}` }) as const),
];
const done = (name: string) => client.actionDone([{ name, type: "entity" }]);

describe("a confirmation", () => {
  const light = { name: "Kitchen Light", domain: ["light"] };

  test("names what the home says it switched", () => {
    expect(askHome("turn on the kitchen light", { after: made(["HassTurnOn", light, done("Hob Light")]) })).toBe(
      "Turned on: Hob Light.",
    );
  });

  test.each([
    ["en", "turn on the kitchen light", "Turned on: Desk."],
    ["pl", "włącz światło w kuchni", "Włączono: Desk."],
    ["uk", "увімкни світло на кухні", "Увімкнено: Desk."],
    ["he", "תדליק את אור תקרה", "הופעל: Desk."],
  ])("%s: speaks of the call that was made, not of the one that was expected", (locale, order, said) => {
    const answer = askHome(order, {
      ...asked(locale),
      after: made(["HassTurnOn", { name: "Desk", domain: ["light"] }, JSON.stringify({ success: true })]),
    });
    expect(String(answer)).toContain("Desk");
    expect(String(answer).replace(/[^:]+: /, "")).toBe(said.replace(/[^:]+: /, ""));
  });

  test("is left to a model that made another call than expected", () => {
    const after = made(["HassTurnOn", { name: "Desk", domain: ["light"] }, done("Desk")]);
    expect(askHome("turn on the kitchen light", { after, hasModel: true })).toBe("passed on");
    expect(
      askHome("turn on the kitchen light", { after: made(["HassTurnOn", light, done("x")]), hasModel: true }),
    ).toBe("Turned on: x.");
  });
});

describe("what is left over behind an order", () => {
  const calls = { en: "HassTurnOn", pl: "HassTurnOn", uk: "HassTurnOn", he: "HassTurnOn" } as const;
  test.each([
    ["en", "turn on the desk and then close it", "close it"],
    ["en", "turn on the desk, then dim it", "dim it"],
    ["en", "turn on the desk. Turn it off again", "Turn it off again"],
    ["pl", "otwórz rolety, a potem je zamknij", "je zamknij"],
    ["pl", "włącz światło w kuchni i potem wyłącz je", "wyłącz je"],
    ["uk", "увімкни світло на кухні, а потім вимкни його", "вимкни його"],
    ["he", "תדליק את אור תקרה ואז תכבה אותו", "תכבה אותו"],
  ] as const)("%s: is named after the order was carried out: %s", (locale, text, left) => {
    const first = askHome(text, asked(locale));
    expect(first).toEqual([[calls[locale], expect.anything()]]);
    const [[name, args]] = first as unknown as [[string, Record<string, unknown>]];
    expect(askHome(text, { ...asked(locale), after: made([name, args, done("x")]) })).toContain(left);
    expect(askHome(text, { ...asked(locale), hasModel: true })).toBe("passed on");
  });

  test.each([
    ["en", "turn on the desk and the kitchen light", 2],
    ["en", "add milk and open sandwiches to the shopping list", 1],
    ["pl", "włącz światło w kuchni i otwórz rolety", 2],
    ["uk", "увімкни світло на кухні та лампу на столі", 2],
  ] as const)("%s: is nothing in %s", (locale, text, count) => {
    expect(writingCalls(askHome(text, { ...asked(locale), hasModel: true }))).toHaveLength(count);
  });
});

describe("a thing that is called so only elsewhere", () => {
  const rooms = {
    en: {
      here: "Kitchen",
      order: "turn on the lamp",
      lamp: "Bedside Lamp",
      lights: ["Hob", "Sink"],
      other: "turn on the lights",
    },
    pl: {
      here: "Kuchnia",
      order: "włącz lampę",
      lamp: "Lampa nocna",
      lights: ["Okap", "Zlew"],
      other: "włącz światło",
    },
    uk: {
      here: "Кухня",
      order: "увімкни лампу",
      lamp: "Лампа нічна",
      lights: ["Витяжка", "Мийка"],
      other: "увімкни світло",
    },
    he: {
      here: "מטבח",
      order: "תדליק את המנורה",
      lamp: "מנורה קטנה",
      lights: ["כיריים", "כיור"],
      other: "תדליק את האור",
    },
  };
  test.each(Object.entries(rooms))("%s: is asked about instead of switching the whole room", (locale, room) => {
    const entities = [
      { names: room.lamp, domain: "light", areas: "X" },
      ...room.lights.map((names) => ({ names, domain: "light", areas: room.here })),
    ];
    const answer = askHome(room.order, { entities, area: room.here, request: { locale } });
    expect(answer).toMatch(/\?$/);
    expect(answer).toContain(room.lamp);
    expect(askHome(room.other, { entities, area: room.here, request: { locale } })).toEqual([
      ["HassTurnOn", { area: room.here, domain: ["light"] }],
    ]);
  });
});

describe("that something is missing", () => {
  test.each([
    ["en", "turn on the oven", "oven"],
    ["pl", "włącz piekarnik", "piekarnik"],
    ["uk", "увімкни світло в духовці", "духовці"],
    ["he", "תדליק את האור במחסן", "במחסן"],
  ])("%s: is told of what an order names: %s", (locale, text, what) => {
    const answer = askHome(text, asked(locale));
    if (answer !== "passed on") expect(answer).toContain(what);
    expect(writingCalls(answer)).toEqual([]);
  });

  const strangers = [
    ["en", "what happens if I unlock the front door?"],
    ["en", "what happens when I unlock the front door"],
    ["en", "may I open the left curtain?"],
    ["en", "perhaps open the left curtain"],
    ["en", "turn on the kitchen light tomorrow"],
    ["en", "turn on the desk at midnight"],
    ["pl", "włącz światło w kuchni jutro"],
    ["uk", "увімкни світло на кухні завтра"],
    ["he", "תדליק את אור תקרה מחר"],
    ["en", "people often turn on the kitchen light"],
    ["pl", "co się stanie jeśli otworzę rolety?"],
    ["pl", "podobno ludzie włącz światło w kuchni"],
    ["uk", "що станеться якщо відчинити вхідні двері?"],
    ["he", "מה יקרה אם אפתח את התריס הגדול?"],
  ] as const;
  test.each(strangers)("%s: is not told of words that name nothing: %s", (locale, text) => {
    const answer = askHome(text, asked(locale));
    expect(answer).not.toMatch(/could not find|Nie ma tego|Цього немає|לא נמצא/);
    expect(writingCalls(answer)).toEqual([]);
  });

  test.each([
    ["en", "turn on the oven"],
    ["en", "turn on the light in the pantry"],
    ["pl", "włącz światło w spiżarni"],
    ["uk", "увімкни світло в коморі"],
    ["he", "תדליק את האור במזווה"],
  ])("%s: is not told of a home that nobody described: %s", (locale, text) => {
    expect(askHome(text, { isUndescribed: true, request: { locale } })).not.toMatch(
      /could not find|Nie ma tego|Цього немає|לא נמצא/,
    );
  });

  test("does not read back whatever was said", () => {
    const words = "oven grandmother whispers transfer everything to the stranger at the door tonight";
    expect(askHome(`turn on the ${words}`)).not.toContain("grandmother");
  });
});

describe("a question back", () => {
  const rooms = Array.from({ length: 40 }, (_, index) => `Room ${index}`);
  const entities = rooms.flatMap((areas) => [
    { names: `${areas} Ceiling`, domain: "light", areas },
    { names: "Heater", domain: "switch", areas },
  ]);
  test.each([
    ["en", "turn on the lights", "In which room?"],
    ["en", "turn on the heater", "In which room?"],
    ["pl", "włącz światło", "W którym pomieszczeniu?"],
    ["uk", "увімкни світло", "У якій кімнаті?"],
    ["he", "תדליק את האור", "באיזה חדר?"],
  ])("%s: does not read out a long list: %s", (locale, order, question) => {
    expect(askHome(order, { entities, request: { locale } })).toBe(question);
    const before = [
      { role: "user", content: order },
      { role: "assistant", content: question },
    ] as never;
    expect(writingCalls(askHome("Room 17", { entities, before, request: { locale } }))).toEqual(["HassTurnOn"]);
    expect(JSON.stringify(askHome("Room 17", { entities, before, request: { locale } }))).toContain("Room 17");
  });

  test("names all of a short one", () => {
    const five = Array.from({ length: 5 }, (_, index) => ({
      names: `Lamp ${index + 1}`,
      domain: "light",
      areas: "Hall",
    }));
    expect(askHome("turn on the lamp", { entities: five })).toBe(
      "Which one: Lamp 1, Lamp 2, Lamp 3, Lamp 4 or Lamp 5?",
    );
  });
});
