import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import type { Evidence } from "../../../platform/evidence/evidence.ts";

const groundOf = (items: readonly Partial<Evidence>[], texts: readonly string[] = []) =>
  createGround({
    texts,
    evidence: items.map((item, index) => ({
      id: `e${index + 1}`,
      service: "search",
      title: "Facts",
      text: "",
      data: {},
      sourceName: "Source",
      observedAt: "2026-11-21T12:00:00Z",
      score: 1,
      ...item,
    })),
    actions: [],
    locale: "en",
    timezone: "Europe/Warsaw",
    now: new Date("2026-11-21T12:00:00Z"),
  });

describe("a minus told by a word", () => {
  const ground = groundOf([{ text: "Tonight -11 °C, in the valley -9 to -4 °C.", data: { lowC: -11.2 } }]);
  test.each([
    "It will be eleven degrees below zero.",
    "Expect 11 degrees of frost.",
    "W nocy jedenaście stopni mrozu, w dolinie od 4 do 9 stopni poniżej zera.",
    "W nocy mróz do 11 stopni.",
    "Уночі одинадцять градусів морозу.",
    "У долині мороз від 4 до 9 градусів.",
    "בלילה 11 מעלות מתחת לאפס.",
  ])("is one: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  const mild = groundOf([{ text: "Tonight 11 °C.", data: { lowC: 11.2 } }]);
  test.each([
    "It will be eleven degrees below zero.",
    "W nocy jedenaście stopni mrozu.",
    "Уночі мороз до 11 градусів.",
    "בלילה 11 מעלות מתחת לאפס.",
  ])("is refused where it is warm: %s", (sentence) => {
    expect(mild.unsupported(sentence)).toBeDefined();
  });
});

describe("a fall in percent", () => {
  const ground = groundOf([
    { text: "Copper: 8,950 USD", data: { price: 8950, currency: "USD", changePercent: -4.26 } },
  ]);
  test.each([
    "Copper shed just over 4%.",
    "Miedź zjechała o ponad 4%.",
    "Мідь просіла більш як на 4%.",
    "הנחושת איבדה יותר מ-4%.",
  ])("is told by any word for it: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each([
    "Copper climbed 4.26%.",
    "Miedź zyskuje 4,26%.",
    "Мідь зросла на 4,26%.",
    "הנחושת עלתה ב-4.26%.",
    "Miedź jest o 4,26% wyżej.",
  ])("is no rise: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("bare fields of data", () => {
  const ground = groundOf([
    {
      text: "Now 4.7 °C in the garden.",
      data: { now: 4.7, outlook: { "2026-11-22": { top: 8, least: -1 }, "2026-11-28": { top: 11, least: 2 } } },
    },
  ]);
  test.each([
    "Tomorrow it will reach eight degrees.",
    "W sobotę do 11 stopni, o trzy stopnie więcej niż jutro.",
    "У суботу буде до 11 градусів, на три градуси більше, ніж завтра.",
    "מחר יהיו 8 מעלות.",
  ])("take the unit that an answer tells and the day that is their key: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each(["Tomorrow it will reach 11 degrees.", "Jutro będzie 11 stopni.", "W sobotę będzie 8 stopni."])(
    "are of their day only: %s",
    (sentence) => {
      expect(ground.unsupported(sentence)).toBeDefined();
    },
  );
});

describe("Hebrew times and days", () => {
  const ground = groundOf([
    { text: "ימים א'–ה' 9:00–20:45, יום ו' 9:00–13:45.", data: {} },
    { data: { arrivesAt: "2026-11-21T19:05:00+01:00" } },
  ]);
  test.each(["ביום שני פתוח עד רבע לתשע בערב.", "ביום רביעי פתוח עד 20:45.", "הרכבת מגיעה בשבע וחמש דקות בערב."])(
    "are read: %s",
    (sentence) => {
      expect(ground.unsupported(sentence)).toBeUndefined();
    },
  );
  test.each(["ביום שישי פתוח עד רבע לתשע בערב.", "הרכבת מגיעה בשבע ועשרים בערב."])("are compared: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("an hour without a number", () => {
  const ground = groundOf([{ data: { minutes: 62 } }]);
  test.each([
    "The ride takes an hour and two minutes.",
    "Jazda trwa godzinę i dwie minuty.",
    "Поїздка триває годину дві хвилини.",
    "הנסיעה אורכת שעה ושתי דקות.",
  ])("counts as one: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each(["The ride takes an hour and nine minutes.", "Jazda trwa godzinę i dziewięć minut."])("%s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});
