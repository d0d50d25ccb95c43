import { describe, expect, test } from "vitest";
import type { Home } from "../../../nodes/home/home.ts";
import { createHomeParser } from "../../../nodes/home/home-parser.ts";

const parser = createHomeParser();

const ukrainianHome: Home = {
  entities: [
    { names: ["Торшер"], domain: "light", area: "Кабінет" },
    { names: ["Обігрівач"], domain: "climate", area: "Дитяча" },
    { names: ["Права ролета"], domain: "cover", area: "Кабінет", deviceClass: "blind" },
    { names: ["Вхідні двері"], domain: "lock", area: "Коридор" },
    { names: ["Колонка"], domain: "media_player", area: "Кабінет" },
    { names: ["Робик"], domain: "vacuum" },
    { names: ["Справи"], domain: "todo" },
    { names: ["Добраніч усім"], domain: "script" },
    { names: ["Волога підлога"], domain: "binary_sensor", deviceClass: "moisture" },
  ],
  areas: [{ names: ["Кабінет"] }, { names: ["Дитяча"] }, { names: ["Коридор"] }, { names: ["Балкон"] }],
  floors: [{ names: ["Горище"] }],
};

const hebrewHome: Home = {
  entities: [
    { names: ["מנורת קריאה"], domain: "light", area: "חדר עבודה" },
    { names: ["תריס מערבי"], domain: "cover", area: "מרפסת", deviceClass: "blind" },
    { names: ["מזגן הורים"], domain: "climate", area: "חדר הורים" },
    { names: ["רמקול"], domain: "media_player", area: "מרפסת" },
    { names: ["דלת ראשית"], domain: "lock" },
    { names: ["סידורים"], domain: "todo" },
  ],
  areas: [{ names: ["חדר עבודה"] }, { names: ["מרפסת"] }, { names: ["חדר הורים"] }],
  floors: [],
};

const read = (language: "uk" | "he", text: string) => {
  const reading = parser.parse(text, { home: language === "uk" ? ukrainianHome : hebrewHome, language });
  return reading?.kind === "command" ? [reading.intent, reading.slots] : (reading?.reason ?? "nothing");
};

describe("Ukrainian", () => {
  test.each([
    ["увімкни торшер", "HassTurnOn", { name: "Торшер" }],
    ["ввімкніть світло в кабінеті", "HassTurnOn", { domain: "light", area: "Кабінет" }],
    ["вимкнути будь ласка світло на балконі", "HassTurnOff", { domain: "light", area: "Балкон" }],
    ["чи не могли б ви вимкнути торшер?", "HassTurnOff", { name: "Торшер" }],
    ["погаси все світло", "HassTurnOff", { domain: "light" }],
    ["опусти праву ролету", "HassTurnOff", { name: "Права ролета" }],
    [
      "відкрий праву ролету на сорок відсотків",
      "HassSetPosition",
      { domain: "cover", name: "Права ролета", position: 40 },
    ],
    ["замкни вхідні двері", "HassTurnOn", { name: "Вхідні двері" }],
    ["зроби торшер зеленим", "HassLightSet", { name: "Торшер", color: "green" }],
    ["яскравість торшера двадцять п'ять відсотків", "HassLightSet", { name: "Торшер", brightness: 25 }],
    ["встанови температуру в дитячій на 21 градус", "HassClimateSetTemperature", { area: "Дитяча", temperature: 21 }],
    ["постав колонку на паузу", "HassMediaPause", { name: "Колонка" }],
    ["гучність колонки 35 відсотків", "HassSetVolume", { name: "Колонка", volume_level: 35 }],
    ["наступна пісня", "HassMediaNext", {}],
    ["заведи таймер на півтори години", "HassStartTimer", { hours: 1, minutes: 30 }],
    ["постав таймер чай на чотири хвилини", "HassStartTimer", { name: "чай", minutes: 4 }],
    ["зменш таймер на дві хвилини", "HassDecreaseTimer", { minutes: 2 }],
    ["поверни робика на базу", "HassVacuumReturnToBase", { name: "Робик" }],
    ["додай сир до списку покупок", "HassShoppingListAddItem", { item: "сир" }],
    ["передай усім що таксі вже тут", "HassBroadcast", { message: "таксі вже тут" }],
    ["чи замкнені вхідні двері?", "HassGetState", { domain: "lock", name: "Вхідні двері", state: "locked" }],
    ["яка температура в дитячій?", "HassClimateGetTemperature", { area: "Дитяча" }],
    ["забудь", "HassNevermind", {}],
  ])("%s", (text, intent, slots) => {
    expect(read("uk", text)).toEqual([intent, slots]);
  });
});

describe("Hebrew", () => {
  test.each([
    ["הדלק את מנורת הקריאה", "HassTurnOn", { name: "מנורת קריאה" }],
    ["הדליקי את האור במרפסת", "HassTurnOn", { domain: "light", area: "מרפסת" }],
    ["תדליקו אור בחדר העבודה", "HassTurnOn", { domain: "light", area: "חדר עבודה" }],
    ["אפשר לכבות את האור במרפסת?", "HassTurnOff", { domain: "light", area: "מרפסת" }],
    ["כבה את כל האורות", "HassTurnOff", { domain: "light" }],
    ["תפתחי את התריסים במרפסת", "HassTurnOn", { domain: "cover", device_class: "blind", area: "מרפסת" }],
    ["כוון את המזגן בחדר ההורים ל-23 מעלות", "HassClimateSetTemperature", { area: "חדר הורים", temperature: 23 }],
    ["שים טיימר לעשר דקות", "HassStartTimer", { minutes: 10 }],
    ["הפעל טיימר לשעה וחצי", "HassStartTimer", { hours: 1, minutes: 30 }],
    ["הארך את הטיימר ב-5 דקות", "HassIncreaseTimer", { minutes: 5 }],
    ["בטלי את כל הטיימרים", "HassCancelAllTimers", {}],
    ["השיר הבא", "HassMediaNext", {}],
    ["תנמיך את עוצמת הקול ל15 אחוז", "HassSetVolume", { volume_level: 15 }],
    ["עזבי", "HassNevermind", {}],
    ["מה התאריך היום?", "HassGetCurrentDate", {}],
    ["אילו אורות דולקים במרפסת?", "HassGetState", { domain: "light", area: "מרפסת", state: "on" }],
  ])("%s", (text, intent, slots) => {
    expect(read("he", text)).toEqual([intent, slots]);
  });
});

describe("what must not be carried out", () => {
  test.each([
    ["uk", "не вмикай торшер"],
    ["uk", "навіщо ти вимкнув світло в кабінеті?"],
    ["uk", "чи увімкнений торшер?"],
    ["he", "אל תדליק את מנורת הקריאה"],
    ["he", "האם האור במרפסת דולק?"],
    ["he", "למה כיבית את האור במרפסת?"],
  ] as const)("%s: %s", (language, text) => {
    const reading = parser.parse(text, { home: language === "uk" ? ukrainianHome : hebrewHome, language });
    expect(reading?.kind === "command" && reading.effect === "write").toBe(false);
  });
});
