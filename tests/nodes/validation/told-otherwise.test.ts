import { describe, expect, test } from "vitest";
import { groundOf } from "../../support/ground-of.ts";

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

describe("a round amount of other money", () => {
  const ground = groundOf([{ text: "EUR/PLN: 4.2615", data: { symbol: "EURPLN", price: 4.2615, currency: "PLN" } }]);
  test.each([
    "A hundred euros is about 426 złoty.",
    "Za 50 euro zapłacisz około 213 zł.",
    "Сто євро — це приблизно 426 злотих.",
    "מאה אירו הם בערך 426 זלוטי.",
    "Tysiąc złotych to około 235 euro.",
  ])("is exchanged at a known rate: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each(["A hundred euros is about 446 złoty.", "Za 50 euro zapłacisz około 230 zł.", "Сто євро — це 501 злотий."])(
    "is refused at another rate: %s",
    (sentence) => {
      expect(ground.unsupported(sentence)).toBeDefined();
    },
  );
});

describe("days and years counted from one another", () => {
  const ground = groundOf([
    { text: "2026-11-24 09:30 Dentist; 2026-11-26 18:00 Choir. The lease runs for a year from 1 December 2026." },
    { text: "The old bridge was built in 1889, the new one in 1958." },
  ]);
  test.each([
    "Dentist on Tuesday at 9:30, and two days later there is choir at 18:00.",
    "Dentysta we wtorek o 9:30, a dwa dni później chór o 18:00.",
    "Стоматолог у вівторок о 9:30, а за два дні хор о 18:00.",
    "רופא השיניים ביום שלישי ב-9:30, ויומיים אחר כך מקהלה ב-18:00.",
    "The lease ends on 30 November 2027, after twelve months.",
    "Umowa jest na 12 miesięcy, do końca listopada 2027.",
    "The new bridge is 69 years younger.",
    "Stary most stoi od ponad 130 lat.",
  ])("follow: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each([
    "Dentist on Tuesday at 9:30, and two days later there is choir at 19:00.",
    "Dentysta we wtorek o 9:30, a trzy dni później chór o 18:00.",
    "The lease ends on 30 November 2028.",
    "The new bridge is 59 years younger.",
  ])("are compared: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("units in every case", () => {
  const ground = groundOf([{ text: "Opony: ciśnienie 2,3 bar z przodu i 2,1 z tyłu, koło 16 cali, masa 0,5 t." }]);
  test.each([
    "Ciśnienie z przodu to 2,3 bara, czyli 230 kilopaskali.",
    "Ciśnienie z tyłu to 2,1 bara, czyli 210 kPa.",
    "Koło z 16 calami.",
    "Тиск спереду 2,3 бара, тобто 230 кілопаскалів.",
  ])("are read: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });
  test.each(["Ciśnienie z przodu to 2,7 bara.", "Тиск спереду — 250 кілопаскалів."])("are compared: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});
