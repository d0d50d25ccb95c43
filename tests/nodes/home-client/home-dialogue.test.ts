import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askHome as ask } from "../../support/home/ask-home.ts";
import * as client from "../../support/home/home-client.ts";

describe("orders", () => {
  test.each([
    ["turn on the worktop", [["HassTurnOn", { name: "Worktop", domain: ["light"] }]]],
    ["turn off all the lights", [["HassTurnOff", { domain: ["light"] }]]],
    [
      "close the curtains in the living room",
      [["HassTurnOff", { area: "Living Room", domain: ["cover"], device_class: ["curtain"] }]],
    ],
    ["set the thermostat to 21.5 degrees", [["HassClimateSetTemperature", { name: "Thermostat", temperature: 21.5 }]]],
    ["set the kitchen light to 40%", [["HassLightSet", { name: "Kitchen Light", brightness: 40 }]]],
    ["set the tv volume to 30", [["HassSetVolume", { name: "TV", volume_level: 30 }]]],
    ["add milk and eggs to the shopping list", [["HassListAddItem", { name: "Shopping List", item: "milk and eggs" }]]],
    ["start the vacuum", [["HassVacuumStart", { name: "Rover" }]]],
    ["announce that dinner is ready", [["HassBroadcast", { message: "dinner is ready" }]]],
    ["cancel all timers", [["HassCancelAllTimers", {}]]],
    ["set a timer for 5 minutes and 30 seconds", [["HassStartTimer", { minutes: 5, seconds: 30 }]]],
    ["activate movie night", [["HassTurnOn", { name: "Movie Night", domain: ["scene"] }]]],
  ])("%s", (text, calls) => {
    expect(ask(text)).toEqual(calls);
  });

  test("that share a verb are several calls, one after another where the client wants that", () => {
    const both = [
      ["HassTurnOn", { name: "Kitchen Light", domain: ["light"] }],
      ["HassTurnOn", { name: "Desk", domain: ["light"] }],
    ];
    expect(ask("turn on the kitchen light and the desk")).toEqual(both);
    expect(ask("turn on the kitchen light and the desk", { request: { parallelToolCalls: false } })).toEqual(
      both.slice(0, 1),
    );
    expect(ask("turn off the lights in the kitchen and the office")).toEqual([
      ["HassTurnOff", { area: "Kitchen", domain: ["light"] }],
      ["HassTurnOff", { area: "Office", domain: ["light"] }],
    ]);
  });

  test("to a script call the tool of that script by name or alias", () => {
    const tools = [...client.homeTools(), client.scriptTool("good_night", ["bedtime"])];
    expect(ask("run good night", { tools })).toEqual([["good_night", {}]]);
    expect(ask("turn on bedtime", { tools })).toEqual([["good_night", {}]]);
  });

  test("stay in the speaker's room", () => {
    expect(ask("turn on the lights", { area: "Kitchen" })).toEqual([
      ["HassTurnOn", { area: "Kitchen", domain: ["light"] }],
    ]);
    expect(ask("turn on the heater", { area: "Bedroom" })).toEqual([
      ["HassTurnOn", { name: "Heater", area: "Bedroom", domain: ["switch"] }],
    ]);
  });

  test("that are unclear are asked about, with a question mark at the end", () => {
    expect(ask("turn on the lamp")).toBe("Which one: Bedside Lamp or Ceiling Lamp?");
    expect(ask("turn on the heater")).toBe("In which room: Bedroom or Office?");
    expect(ask("увімкни лампу", { entities: client.ukrainianHouse })).toBe(
      "Що саме: Лампа на столі чи Лампа під стелею?",
    );
  });

  test("without a tool that does just that are not done by another", () => {
    const tools = client.homeTools({ without: ["HassLightSet"] });
    expect(ask("set the kitchen light to 40%", { tools })).toBe("I cannot do that here.");
    expect(ask("set the kitchen light to 40%", { tools, hasModel: true })).toBe("passed on");
    expect(ask("turn on the kitchen light", { request: { toolChoice: "none" } })).toBe("passed on");
    expect(ask("turn on the kitchen light", { request: { toolChoice: { name: "HassTurnOff" } } })).toBe("passed on");
  });

  test("outside a value's bounds are not sent", () => {
    expect(ask("set the kitchen light to 400%")).not.toEqual(expect.arrayContaining([expect.anything()]));
  });

  test("that forbid or set a condition are not carried out", () => {
    for (const text of ["don't turn on the kitchen light", "turn on the kitchen light if it rains"])
      expect(ask(text)).toBeTypeOf("string");
  });
});

describe("questions", () => {
  const reading = new Set(["GetLiveContext", "GetCurrentLocation", "GetDateTime", "HassTimerStatus"]);
  const names = client.house.map(({ names: all }) => all.split(", ")[0]!);
  const openings = [
    "is the {}",
    "are the {}",
    "why is the {}",
    "when did the {} turn",
    "which of the {} are",
    "did you turn the {}",
    "has the {} been turned",
    "do you know if the {} is",
    "who turned the {}",
    "how many {} are",
    "what is the {} doing",
  ];
  const endings = ["on", "off", "open", "closed", "locked", "turned off", "turned on in the kitchen", "on and off"];

  test("never yield a call that changes anything", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...openings),
        fc.constantFrom(...names),
        fc.constantFrom(...endings),
        (opening, name, ending) => {
          const answer = ask(`${opening.replace("{}", name)} ${ending}?`, { area: "Kitchen" });
          if (Array.isArray(answer)) for (const [tool] of answer) expect(reading).toContain(tool);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ["pl", "czy światło w kuchni jest włączone?", client.polishHouse],
    ["pl", "dlaczego rolety są zamknięte?", client.polishHouse],
    ["uk", "чи вимкнене світло на кухні?", client.ukrainianHouse],
    ["uk", "хто вимкнув світло на кухні?", client.ukrainianHouse],
    ["he", "האם התריס בסלון פתוח?", client.hebrewHouse],
    ["he", "מי כיבה את האור בסלון?", client.hebrewHouse],
  ] as const)("%s: %s", (locale, text, entities) => {
    const answer = ask(text, { entities, request: { locale } });
    if (Array.isArray(answer)) for (const [tool] of answer) expect(reading).toContain(tool);
  });

  test("are answered from the prompt where it holds the states", () => {
    const entities = [
      { names: "Kitchen Light", domain: "light", areas: "Kitchen", state: "on" },
      { names: "Desk", domain: "light", areas: "Office", state: "off" },
      {
        names: "Bath",
        domain: "sensor",
        state: "20.5",
        attributes: { unit_of_measurement: "°C", device_class: "temperature" },
      },
    ];
    const given = { entities, tools: client.homeTools({ without: ["GetLiveContext"] }) };
    expect(ask("is the kitchen light on?", given)).toBe("Yes.");
    expect(ask("is the desk on?", given)).toBe("No. Desk: off.");
    expect(ask("which lights are on?", given)).toBe("Kitchen Light.");
    expect(ask("are all the lights on?", given)).toBe("No, not these: Desk.");
    expect(ask("how many lights are on?", given)).toBe("1: Kitchen Light.");
  });
});

describe("any text", () => {
  test("is decided quickly and never throws", () => {
    const words = fc.constantFrom(
      "turn",
      "on",
      "the",
      "lamp",
      "and",
      "kitchen",
      ",",
      "?",
      "or",
      "list",
      "add",
      "ו",
      "та",
      "i",
      "5",
      "%",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 80 }), (said) => {
        const started = performance.now();
        ask(said.join(" "));
        expect(performance.now() - started).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
    for (const hostile of ["and ".repeat(25_000), `turn on ${"the lamp and ".repeat(7_000)}`, "ו".repeat(100_000)])
      ask(hostile);
  });
});
