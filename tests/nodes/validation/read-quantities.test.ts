import { describe, expect, test } from "vitest";
import { readQuantities } from "../../../nodes/validation/text/read-quantities.ts";
import { plainText } from "../../../nodes/validation/text/tokens.ts";

const read = (text: string) => readQuantities(plainText(text)).quantities;
const numbers = (text: string) =>
  read(text).map((quantity) =>
    quantity.kind === "number" ? [quantity.values[0], quantity.unit?.id ?? ""].join(" ").trim() : quantity.kind,
  );
const clocks = (text: string) =>
  read(text).flatMap((quantity) =>
    quantity.kind === "clock"
      ? [quantity.minutes.map((minutes) => `${Math.floor(minutes / 60)}:${minutes % 60}`)[0]]
      : [],
  );

describe("numbers in words", () => {
  test.each([
    ["seven and a half metres", "7.5 m"],
    ["one-and-a-half kilos", "1.5 kg"],
    ["an hour and three quarters", "1.75 h"],
    ["three weeks and a half", "3.5 week"],
    ["four tenths of a litre", "0.4 l"],
    ["half a million", "500000"],
    ["siedem i pół stopnia", "7.5 degree"],
    ["trzy dziesiąte sekundy", "0.3 s"],
    ["pięć setnych grama", "0.05 g"],
    ["godzina i kwadrans", "1.25 h"],
    ["trzy i ćwierć litra", "3.25 l"],
    ["вісім із половиною кілометрів", "8.5 km"],
    ["п'ять десятих літра", "0.5 l"],
    ["дві цілі та чотири десятих відсотка", "2.4 %"],
    ["півгодини", "0.5 h"],
    ["рік з половиною", "1.5 year"],
    ["שבע וחצי דקות", "7.5 min"],
    ["קילו וחצי", "1.5 kg"],
    ["ארבע שעות וחצי", "4.5 h"],
    ["שעתיים ורבע", "2.25 h"],
    ["שלוש עשיריות השנייה", "0.3 s"],
    ["מאתיים ושבעה עשר שקלים", "217 ILS"],
    ["שלוש מאות וארבעים", "340"],
    ["14 working days", "14 day"],
    ["14 dni roboczych", "14 day"],
    ["14 календарних днів", "14 day"],
    ["sales are up a third", "0.3333333333333333"],
    ["ארבעים שקלים וחמישים אגורות", "40.5 ILS"],
  ])("%s", (text, expected) => {
    expect(numbers(text)).toEqual([expected]);
  });

  test("an ordinal behind a number is a fraction only where it agrees with it", () => {
    expect(clocks("за п'ять десята")).toEqual(["9:55"]);
    expect(clocks("za dziesięć szósta")).toEqual(["5:50"]);
    expect(numbers("за одну десяту")).toEqual(["0.1"]);
  });
});

test("a figure that is set against another has its unit", () => {
  expect(numbers("every 20 minutes instead of 15")).toEqual(["20 min", "15 min"]);
  expect(numbers("co 20 minut zamiast 15")).toEqual(["20 min", "15 min"]);
  expect(numbers("кожні 20 хвилин замість 15")).toEqual(["20 min", "15 min"]);
  expect(numbers("כל 20 דקות במקום 15")).toEqual(["20 min", "15 min"]);
});

test("Polish and Ukrainian ordinals are hours only in the feminine", () => {
  expect(clocks("po pierwszej")).toEqual(["1:0"]);
  expect(clocks("po pierwszym")).toEqual([]);
  expect(clocks("після другої")).toEqual(["2:0"]);
  expect(clocks("після другого")).toEqual([]);
});

describe("times of day in Hebrew words", () => {
  test.each([
    ["עשרים לשלוש לפנות בוקר", "2:40"],
    ["רבע לשבע", "6:45"],
    ["בחמש וחצי", "5:30"],
    ["השעה שמונה ורבע", "8:15"],
  ])("%s", (text, expected) => {
    expect(clocks(text)).toEqual([expected]);
  });

  test("a length of time is none", () => {
    expect(numbers("בשלוש וחצי שעות")).toEqual(["3.5 h"]);
  });
});

test("a preposition is no unit", () => {
  expect(numbers("jedną w kuchni")).toEqual(["1"]);
  expect(numbers("3 w kuchni")).toEqual(["3"]);
  expect(numbers("a bulb of 9 W")).toEqual(["9 W"]);
});

describe("days of the week", () => {
  const days = (text: string) => read(text).flatMap((quantity) => (quantity.kind === "date" ? [quantity.weekday] : []));
  test.each([
    ["вт–сб", [2, 6]],
    ["pn–pt", [1, 5]],
    ["pon.–czw.", [1, 4]],
    ["ימים א–ה", [0, 4]],
    ["בימים א, ג ו-ה", [0, 2, 4]],
    ["ביום ראשון ובשני", [0, 1]],
  ])("%s", (text, expected) => {
    expect(days(text)).toEqual(expected);
  });

  test("a lone number stays one", () => {
    expect(days("בשני מקומות")).toEqual([]);
    expect(days("3 pt")).toEqual([]);
  });
});
