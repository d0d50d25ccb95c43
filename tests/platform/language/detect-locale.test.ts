import { expect, test } from "vitest";
import { detectLocale } from "../../../platform/language/detect-locale.ts";

test.each([
  ["What's the weather in Kraków tomorrow, how high is Gdańsk airport?", "en"],
  ["Jaka będzie pogoda w Krakowie jutro", "pl"],
  ["jaka bedzie pogoda w krakowie jutro", "pl"],
  ["ile to 17% z 2340?", "pl"],
  ["Яка завтра погода у Львові?", "uk"],
  ["מה מזג האוויר בתל אביב מחר?", "he"],
  ["turn on the kitchen light", "en"],
  ["włącz światło w kuchni", "pl"],
  ["Say hello", "en"],
])("%s is %s", (text, locale) => {
  expect(detectLocale(text)).toBe(locale);
});

test.each([
  "Paris",
  "2+2",
  "",
  "Wie wird das Wetter in Berlin?",
  "Quel temps fait-il à Paris ?",
  "Какая погода в Москве, вы знаете?",
])("%j is none of the four", (text) => {
  expect(detectLocale(text)).toBeUndefined();
});
