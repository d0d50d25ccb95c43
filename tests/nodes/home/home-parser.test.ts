import { describe, expect, test } from "vitest";
import type { HomeContext } from "../../../nodes/home/home.ts";
import { createHomeParser } from "../../../nodes/home/home-parser.ts";
import { englishHome, polishHome } from "../../support/sample-homes.ts";

const parser = createHomeParser();

const english = (text: string, context: HomeContext = {}) =>
  parser.parse(text, { home: englishHome, context, language: "en" });
const polish = (text: string, context: HomeContext = {}) =>
  parser.parse(text, { home: polishHome, context, language: "pl" });

const understood = (reading: ReturnType<typeof english>) =>
  reading?.kind === "command" ? [reading.intent, reading.slots] : (reading?.reason ?? "nothing");

const cases = (read: typeof english) => (sentence: string, intent: string, slots: object) =>
  expect(understood(read(sentence))).toEqual([intent, slots]);

describe("English orders", () => {
  test.each([
    ["switch the reading lamp on please", "HassTurnOn", { name: "Reading Lamp" }],
    ["could you turn off the desk fan?", "HassTurnOff", { name: "Desk Fan" }],
    ["lights off in the kitchen", "HassTurnOff", { domain: "light", area: "Kitchen" }],
    ["turn on all the lights upstairs", "HassTurnOn", { domain: "light", floor: "Upstairs" }],
    ["lower the patio blind", "HassTurnOff", { name: "Patio Blind" }],
    [
      "open the blinds in the living room",
      "HassTurnOn",
      { domain: "cover", device_class: "blind", area: "Living Room" },
    ],
    ["set the patio blind to 35 percent", "HassSetPosition", { domain: "cover", name: "Patio Blind", position: 35 }],
    ["lock the garden gate lock", "HassTurnOn", { name: "Garden Gate Lock" }],
    ["dim the reading lamp to fifteen percent", "HassLightSet", { name: "Reading Lamp", brightness: 15 }],
    ["make the kitchen lights green", "HassLightSet", { area: "Kitchen", color: "green" }],
    ["set the boiler to 19.5 degrees", "HassClimateSetTemperature", { name: "Boiler", temperature: 19.5 }],
    ["make it twenty one degrees in the study", "HassClimateSetTemperature", { area: "Study", temperature: 21 }],
    ["close the sprinkler", "HassTurnOff", { name: "Sprinkler", domain: "valve" }],
    ["movie night scene please", "HassTurnOn", { name: "Movie Night", domain: "scene" }],
    ["run goodbye", "HassTurnOn", { name: "Goodbye", domain: "script" }],
    ["send dusty back to the dock", "HassVacuumReturnToBase", { name: "Dusty" }],
    ["vacuum the study", "HassVacuumStart", { area: "Study" }],
    ["pause the sonos", "HassMediaPause", { name: "Sonos" }],
    ["skip this track on the sonos", "HassMediaNext", { name: "Sonos" }],
    ["turn the sonos volume down to 12", "HassSetVolume", { name: "Sonos", volume_level: 12 }],
    [
      "play the album Kind of Blue on the sonos",
      "HassMediaSearchAndPlay",
      { search_query: "Kind of Blue", media_class: "album", name: "Sonos" },
    ],
    ["put oat milk on the shopping list", "HassShoppingListAddItem", { item: "oat milk" }],
    ["add collect the parcel to my errands list", "HassListAddItem", { item: "collect the parcel", name: "Errands" }],
    [
      "cross off collect the parcel from errands",
      "HassListCompleteItem",
      { item: "collect the parcel", name: "Errands" },
    ],
    ["announce that supper is on the table", "HassBroadcast", { message: "supper is on the table" }],
    ["start a timer for an hour and a half", "HassStartTimer", { hours: 1, minutes: 30 }],
    ["set a 12 minute rice timer", "HassStartTimer", { minutes: 12, name: "rice" }],
    ["add three minutes to the rice timer", "HassIncreaseTimer", { minutes: 3, name: "rice" }],
    ["take 20 seconds off the 2 minute timer", "HassDecreaseTimer", { seconds: 20, start_minutes: 2 }],
    ["resume the rice timer", "HassUnpauseTimer", { name: "rice" }],
    ["cancel all timers", "HassCancelAllTimers", {}],
    [
      "in twenty minutes turn off the reading lamp",
      "HassStartTimer",
      { minutes: 20, conversation_command: "turn off the reading lamp" },
    ],
    ["forget it", "HassNevermind", {}],
    ["never mind, forget it", "HassNevermind", {}],
    ["hello, what time is it", "HassGetCurrentTime", {}],
    ["what's it like outside", "HassGetWeather", {}],
    ["put the rice timer on hold", "HassPauseTimer", { name: "rice" }],
  ])("%s", cases(english));

  test("take the speaker's area when they name a kind and no place", () => {
    expect(understood(english("turn off the lights", { area: "Study" }))).toEqual([
      "HassTurnOff",
      { domain: "light", area: "Study" },
    ]);
    expect(understood(english("turn off the lights everywhere", { area: "Study" }))).toEqual([
      "HassTurnOff",
      { domain: "light" },
    ]);
    expect(understood(english("turn off the reading lamp", { area: "Study" }))).toEqual([
      "HassTurnOff",
      { name: "Reading Lamp" },
    ]);
  });

  test.each([
    ["turn on the lights in the observatory", "target"],
    ["turn on the lava light", "target"],
    ["close the left blinds", "target"],
    ["don't close the blinds", "negated"],
    ["turn on the reading lamp when it gets dark", "target"],
    ["dim the reading lamp", "value"],
    ["turn off the garden gate lock", "target"],
    ["turn on the reading lamp and the desk fan", "target"],
  ])("are not guessed at: %s", (sentence, reason) => {
    expect(english(sentence)).toMatchObject({ kind: "unclear", reason });
  });

  test("say which words were not understood", () => {
    expect(english("turn on the lights in the observatory")).toMatchObject({ unknown: ["observatory"] });
  });
});

describe("English questions", () => {
  test.each([
    ["is the reading lamp on?", "HassGetState", { name: "Reading Lamp", state: "on" }],
    ["which lights are off in the kitchen", "HassGetState", { domain: "light", area: "Kitchen", state: "off" }],
    [
      "is the cellar door shut",
      "HassGetState",
      { domain: "binary_sensor", device_class: "door", name: "Cellar Door", state: "off" },
    ],
    [
      "is the dryer running",
      "HassGetState",
      { domain: "binary_sensor", device_class: "running", name: "Dryer", state: "on" },
    ],
    [
      "is there any motion in the garage",
      "HassGetState",
      { domain: "binary_sensor", device_class: "motion", area: "Garage", state: "on" },
    ],
    ["is the garden gate lock locked", "HassGetState", { domain: "lock", name: "Garden Gate Lock", state: "locked" }],
    [
      "what is the humidity in the greenhouse",
      "HassGetState",
      { domain: "sensor", device_class: "humidity", name: "Greenhouse" },
    ],
    ["how warm is it in the study", "HassClimateGetTemperature", { area: "Study" }],
    ["where is Marta", "HassGetState", { domain: "person", name: "Marta" }],
    ["is anybody home", "HassGetState", { domain: "person", state: "home" }],
    ["what's the weather like in Oslo", "HassGetWeather", { name: "Oslo" }],
    ["how long is left on the rice timer", "HassTimerStatus", { name: "rice" }],
    ["what day is it today", "HassGetCurrentDate", {}],
  ])("%s", cases(english));

  test.each([
    "why is the reading lamp on",
    "did you turn off the reading lamp?",
    "turn on the reading lamp?",
    "when did you lock the garden gate lock",
  ])("never switch anything: %s", (sentence) => {
    const reading = english(sentence);
    expect(reading?.kind === "command" ? reading.effect : "unclear").not.toBe("write");
  });
});

describe("Polish orders and questions", () => {
  test.each([
    ["zapal lampę stojącą", "HassTurnOn", { name: "Lampa stojąca" }],
    ["czy możesz zgasić światło w łazience?", "HassTurnOff", { domain: "light", area: "Łazienka" }],
    ["wyłącz światła na parterze", "HassTurnOff", { domain: "light", floor: "Parter" }],
    ["podnieś roletę kuchenną", "HassTurnOn", { name: "Roleta kuchenna" }],
    ["w ogrodzie zamknij bramę wjazdową", "HassTurnOff", { name: "Brama wjazdowa", area: "Ogród" }],
    [
      "ustaw rolety w kuchni na 40 procent",
      "HassSetPosition",
      { domain: "cover", device_class: "blind", area: "Kuchnia", position: 40 },
    ],
    [
      "przyciemnij kinkiet przy łóżku do dwudziestu procent",
      "HassLightSet",
      { name: "Kinkiet przy łóżku", brightness: 20 },
    ],
    ["ustaw w sypialni dwadzieścia jeden stopni", "HassClimateSetTemperature", { area: "Sypialnia", temperature: 21 }],
    ["zablokuj drzwi wejściowe", "HassTurnOn", { name: "Drzwi wejściowe" }],
    ["uruchom scenę wieczór filmowy", "HassTurnOn", { name: "Wieczór filmowy", domain: "scene" }],
    ["wlacz ekspres do kawy", "HassTurnOn", { name: "Ekspres do kawy" }],
    ["ścisz telewizor do 15", "HassSetVolume", { name: "Telewizor", volume_level: 15 }],
    ["dopisz farbę do listy remont", "HassListAddItem", { item: "farbę", name: "Remont" }],
    ["dorzuć masło do listy zakupów", "HassShoppingListAddItem", { item: "masło" }],
    ["przekaż wszystkim że wychodzimy", "HassBroadcast", { message: "wychodzimy" }],
    ["nastaw minutnik na półtorej godziny", "HassStartTimer", { hours: 1, minutes: 30 }],
    ["skróć godzinny minutnik o kwadrans", "HassDecreaseTimer", { minutes: 15, start_hours: 1 }],
    [
      "za pół godziny zgaś lampę stojącą",
      "HassStartTimer",
      { minutes: 30, conversation_command: "zgaś lampę stojącą" },
    ],
    [
      "czy zmywarka jeszcze pracuje?",
      "HassGetState",
      { domain: "binary_sensor", device_class: "running", name: "Zmywarka", state: "on" },
    ],
    [
      "czy okno łazienkowe jest uchylone",
      "HassGetState",
      { domain: "binary_sensor", device_class: "window", name: "Okno łazienkowe", state: "on" },
    ],
    [
      "jaka jest wilgotność w szklarni?",
      "HassGetState",
      { domain: "sensor", device_class: "humidity", name: "Szklarnia" },
    ],
    ["jak ciepło jest w pokoju gościnnym", "HassClimateGetTemperature", { area: "Pokój gościnny" }],
    ["gdzie jest Kasia", "HassGetState", { domain: "person", name: "Kasia" }],
    ["która godzina", "HassGetCurrentTime", {}],
  ])("%s", cases(polish));

  test.each([
    ["nie zamykaj bramy wjazdowej", "negated"],
    ["włącz światło w piwnicy", "target"],
    ["dlaczego światło w kuchni jest włączone", "question"],
  ])("are not guessed at: %s", (sentence, reason) => {
    expect(polish(sentence)).toMatchObject({ kind: "unclear", reason });
  });
});

describe("recognition", () => {
  test.each([
    ["turn on the lights", "home_control"],
    ["is the garage door open?", "home_state"],
    ["set the thermostat to 21 degrees", "home_control"],
    ["what is the capital of Norway?", undefined],
    ["what's the weather in Lisbon", undefined],
    ["write a poem about the sea", undefined],
    ["turn the corner and tell me a story", undefined],
    ["good morning", undefined],
    ["how much is 20 percent of 80", undefined],
  ] as const)("without a home: %s", (sentence, intent) => {
    expect(parser.recognise(sentence, { language: "en" })).toBe(intent);
  });
});
