import { describe, expect, test } from "vitest";
import { unknownDetail } from "../../../../nodes/validation/details/unknown-detail.ts";
import { knownNamesOf } from "../../../../nodes/validation/known-names.ts";
import { groundOf } from "../../../support/ground-of.ts";

const groundOfText = (text: string, data: Record<string, unknown> = {}, service = "search") =>
  groundOf([{ text, data, service }]);
const detailOf = (ground: ReturnType<typeof groundOf>, sentence: string) =>
  unknownDetail(sentence, ground, knownNamesOf(ground));

const match = groundOfText("Live: Q2 3:10, court 1, terminal 4.", { season: 3, episode: 7 });
const soup = groundOfText(
  "Додайте 1 ложку меду і склянку молока. Заправка: 1 łyżka miodu, szklanka mleka. One spoon of honey. כפית דבש.",
);
const router = groundOfText("Wait until the light turns blue.");
const hike = groundOfText("לינה בקיבוץ סאסא, ארוחה במסעדת הדקל.");
const weather = groundOfText("18 °C, wind 12 km/h", { kind: "weather", current: { temperatureC: 18 } }, "weather");

describe("details of an answer", () => {
  test.each([
    [match, "It is the third quarter."],
    [match, "Trwa czwarta kwarta."],
    [match, "Грають на корті № 2."],
    [match, "המשחק ברבע השלישי."],
    [match, "The flight leaves from terminal 5."],
    [match, "To sezon 4, odcinek 7."],
    [soup, "Add a spoon of mustard."],
    [soup, "Dodaj łyżkę musztardy."],
    [soup, "Додайте ложку гірчиці."],
    [soup, "מוסיפים כפית חרדל."],
    [router, "Wait until the light turns red."],
    [router, "Poczekaj, aż lampka zaświeci na czerwono."],
    [hike, "הלינה היא בקיבוץ יראון."],
    [hike, "האוכל במסעדת התמר."],
    [weather, "The water is 18 °C."],
    [weather, "Woda w jeziorze ma 18 °C."],
    [weather, "Вода прогрілася до 18 °C."],
    [weather, "המים בטמפרטורה של 18 מעלות."],
    [router, "According to the police, the light turns blue."],
    [router, "Jak podała policja, lampka świeci."],
    [router, "За словами експертів, лампа синя."],
    [router, "לדברי מומחים, האור כחול."],
    [weather, "לפי השירות המטאורולוגי, 18 מעלות."],
  ])("are refused where the evidence has another (%#: %s)", (ground, sentence) => {
    expect(detailOf(ground, sentence)).toBeDefined();
  });

  test.each([
    [match, "It is the second quarter."],
    [match, "Siódmy odcinek trzeciego sezonu."],
    [match, "Грають на корті № 1."],
    [match, "There are 3 seasons."],
    [soup, "Додайте ложку меду й одну склянку молока."],
    [soup, "Dodaj łyżkę miodu."],
    [router, "Wait until it is blue."],
    [hike, "הלינה בקיבוץ סאסא והאוכל במסעדת הדקל."],
    [weather, "The air is 18 °C."],
    [weather, "According to the forecast, it is 18 °C."],
    [groundOfText("Police closed the bridge."), "According to the police, the bridge is closed."],
    [groundOfText("Boiler: 61 °C", { temperature: 61 }), "The water is at 61 °C."],
  ])("stay as they are known (%#: %s)", (ground, sentence) => {
    expect(detailOf(ground, sentence)).toBeUndefined();
  });
});
