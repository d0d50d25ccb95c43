import { describe, expect, test } from "vitest";
import { findIdentifiers } from "../../../platform/egress/recognisers/find-identifiers.ts";
import { createKnownNames } from "../../../platform/egress/recognisers/known-names.ts";
import { personName } from "../../../platform/egress/recognisers/person-name.ts";
import { recognisers } from "../../../platform/egress/recognisers/recogniser-list.ts";

const namesIn = (text: string) =>
  findIdentifiers(text, [personName], 10_000).map(({ start, end }) => text.slice(start, end));

describe("names of people that are found", () => {
  test.each([
    // Known to the lists, in the four languages.
    ["Yesterday Margaret Thompson called about the lease.", "Margaret Thompson"],
    ["The keys are with Oliver.", "Oliver"],
    ["Umów wizytę z Katarzyną Wiśniewską na piątek", "Katarzyną Wiśniewską"],
    ["Czy Marek Zieliński już zapłacił?", "Marek Zieliński"],
    ["Передай Олені Ковальчук, що я запізнюсь", "Олені Ковальчук"],
    ["הפגישה עם יעל כהן נדחתה", "יעל כהן"],
    // Announced by words.
    ["Hi, my name is Thandeka and I need help", "Thandeka"],
    ["Dear Dr. Okonkwo-Baptiste, thank you", "Okonkwo-Baptiste"],
    ["nazywam się kamil i szukam pracy", "kamil"],
    ["Proszę o kontakt z panią Brzezicką", "Brzezicką"],
    ["Мене звати Ярополк", "Ярополк"],
    ["קוראים לי נועם", "נועם"],
    ["User: Bartholomew", "Bartholomew"],
    ["See you soon.\nBest regards,\nPriyanka Venkataraman", "Priyanka Venkataraman"],
    // Told by how they stand.
    ["I bought it from Zdzimir Qorvath last week", "Zdzimir Qorvath"],
    ["The case of ANNA KOWALSKA was closed", "ANNA KOWALSKA"],
    ["We met Ludwig van der Berg in Oslo", "Ludwig van der Berg"],
    ["Ask J. R. Hartley about it", "J. R. Hartley"],
    ["what did emily rosser say", "emily rosser"],
    ["Emma's brother is ill", "Emma"],
  ])("%s", (text, name) => expect(namesIn(text)).toEqual([name]));

  test("two people side by side are two names", () => {
    expect(namesIn("Between Hannah and Benjamin nothing changed")).toEqual(["Hannah", "Benjamin"]);
  });
});

describe("what is nobody's name", () => {
  test.each([
    "What will the weather be in New York and in San Francisco tomorrow?",
    "Turn on the Living Room lights and close the Garage Door.",
    "On Monday, 4 May, the English Premier League starts again.",
    "How do I check my balance in the United Kingdom?",
    "Jaka będzie pogoda w Krakowie i w Gdańsku?",
    "Włącz światło w salonie i zgaś lampę w kuchni.",
    "Яка погода у Львові та Києві?",
    "מה מזג האוויר בתל אביב מחר?",
    "I think I can do it if A is larger than B.",
    "The World Health Organization and the European Union agreed.",
    "i want to book a table for two at eight",
  ])("%s", (text) => expect(namesIn(text)).toEqual([]));
});

describe("the principal's own directory", () => {
  const directory = createKnownNames(["Zenobia Kwiecień", "Тарас Гнатюк", "O'Neill", "רות לביא"]);
  const knownIn = (text: string) =>
    findIdentifiers(text, [directory], 10_000).map(({ start, end }) => text.slice(start, end));

  test.each([
    ["zenobia kwiecień is late", ["zenobia kwiecień"]],
    ["Powiedz Zenobii, że czekam", ["Zenobii"]],
    ["Rozmawiałem z Zenobią Kwiecień wczoraj", ["Zenobią Kwiecień"]],
    ["Подзвони Тарасу Гнатюку", ["Тарасу Гнатюку"]],
    ["Is O'Neill's car here?", ["O'Neill"]],
    ["דיברתי עם רות לביא אתמול", ["רות לביא"]],
    ["w kwietniu jadę do domu", []],
    ["Nobody else is meant here.", []],
  ])("%s", (text, expected) => expect(knownIn(text)).toEqual(expected));
});

describe("phone numbers of many countries and ways of writing", () => {
  const phonesIn = (text: string) =>
    findIdentifiers(text, recognisers, 10_000)
      .filter(({ kind }) => kind === "PHONE")
      .map(({ start, end }) => text.slice(start, end));

  test.each([
    "(08) 9471 2345",
    "07700 900123",
    "+44 20 7946 0958",
    "+1-202-555-0143",
    "202.555.0143x884",
    "(202)555-0143 ext. 12",
    "001-202-555-0143",
    "+33 6 12 34 56 78",
    "06 12 34 56 78",
    "+49 (0)30 901820",
    "0171 1234567",
    "+39 06 6982",
    "024 971 50 30",
    "079 3345 7654",
    "+972-54-123-4567",
    "+380 67 123 45 67",
    "(22) 123 45 67",
    "555-0143",
    "+86 10 1234 5678",
  ])("%s", (number) => expect(phonesIn(`You can reach me at ${number}.`)).toEqual([number]));

  test("also right behind a label", () => {
    expect(phonesIn("tel:601234567, Phone:+48601234567")).toEqual(["601234567", "+48601234567"]);
  });

  test.each([
    "It costs 1 250 000 zloty and took 120-150 days.",
    "Room 204, floor 3, 2024-11-03 12:30, order 12.500.000.",
    "It is 12:30 45 67 and 10:20 30 40 50.",
    "The score was 21-19, 18-21, 21-15.",
    "Years 1998 2004 2012, temperatures 12 14 16 18.",
  ])("nothing in: %s", (text) => expect(phonesIn(text)).toEqual([]));
});
