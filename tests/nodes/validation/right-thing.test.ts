import { describe, expect, test } from "vitest";
import { createGround } from "../../../nodes/validation/ground.ts";
import { groundOf } from "../../support/ground-of.ts";

const inLondon = (items: Parameters<typeof groundOf>[0], question = "", timezone = "Europe/London") =>
  groundOf(items, [question], timezone);

describe("a figure and its unit", () => {
  const converted = inLondon([
    { text: "10 mi is 16.0934 km.", data: { value: 10, from: "mi", to: "km", result: 16.09344 } },
    { text: "The tower is 12,000 in (305 m) high." },
    { text: "The castle was built in 1970." },
  ]);

  test.each(["10 miles are about 16.1 km.", "Built in 1970.", "Dziesięć mil to 16,1 km."])("hold: %s", (sentence) => {
    expect(converted.unsupported(sentence)).toBeUndefined();
  });

  test.each(["10 miles are about 16.1 metres.", "10 mil to 16,1 kg.", "Built in 1972.", "Збудовано 1968 року."])(
    "do not: %s",
    (sentence) => {
      expect(converted.unsupported(sentence)).toBeDefined();
    },
  );

  test("a length of time is no count of things", () => {
    const ground = inLondon([{ data: { items: [{ name: "Anna" }, { name: "Ben" }, { name: "Cleo" }] } }]);
    expect(ground.unsupported("There are three of them.")).toBeUndefined();
    expect(ground.unsupported("It takes three months.")).toBeDefined();
    expect(ground.unsupported("זה לוקח 3 שניות.")).toBeDefined();
  });

  test("hours between clocks of two zones are no length of a journey", () => {
    const ground = inLondon([
      {
        text: "Departure 12:00, arrival 16:00; local times.",
        data: {
          departure: { at: "2026-11-21T11:00:00Z", timezone: "Europe/Paris" },
          arrival: { at: "2026-11-21T14:00:00Z", timezone: "Europe/Athens" },
        },
      },
    ]);
    expect(ground.unsupported("The flight takes three hours.")).toBeUndefined();
    expect(ground.unsupported("The flight takes four hours.")).toBeDefined();
    expect(ground.unsupported("Lot trwa cztery godziny.")).toBeDefined();
  });
});

describe("a figure and the words beside it", () => {
  const ground = inLondon([
    {
      text: "The new tram line is 31 km long and has 52 stops. Parking: residents £12, visitors £30. A four-day festival opens it.",
    },
    { text: "Nowy tramwaj ma 18 wagonów i 6 drzwi. Zwykła przesyłka kosztuje 15 zł, ekspresowa 40 zł." },
    { text: "У рецепті 6 яблук, 250 г борошна, 90 г цукру. Дорослий квиток — 70 грн, дитячий — 35 грн." },
    { text: "200 גרם גבינה, 80 גרם חמאה, 5 עגבניות." },
  ]);

  test.each([
    "The line has 52 stops and is 31 km long.",
    "Residents pay £12, visitors £30.",
    "The festival lasts four days.",
    "Tramwaj ma 6 drzwi i 18 wagonów.",
    "Ekspresowa przesyłka to 40 zł, zwykła — 15 zł.",
    "Треба 6 яблук і 90 г цукру.",
    "Дитячий квиток — 35 грн, дорослий — 70 грн.",
    "צריך 80 גרם חמאה ו-200 גרם גבינה.",
  ])("fit: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    "The line has 31 stops.",
    "Residents pay £30, visitors £12.",
    "It opens with a six-day festival.",
    "Tramwaj ma 6 wagonów.",
    "Zwykła przesyłka — 40 zł.",
    "Треба 5 яблук.",
    "Дитячий квиток — 70 грн.",
    "צריך 80 גרם גבינה ו-200 גרם חמאה.",
  ])("do not fit: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("the order of a change", () => {
  const ground = inLondon([
    { data: { service: "login", meanMs: 140, meanBeforeMs: 310, queue: 25, queueYesterday: 60 } },
    { text: "Автобус їздить кожні 15 хвилин замість 20." },
    { text: "The fee is £9 (was £7)." },
    { text: "Cena wzrosła z 4,10 zł do 4,60 zł." },
  ]);

  test.each([
    "The mean went from 310 ms to 140 ms.",
    "The queue has 25 entries, against 60 yesterday.",
    "Автобус їздить кожні 15 хвилин, а не 20.",
    "The fee rose from £7 to £9.",
    "Kosztuje 4,60 zł zamiast 4,10 zł.",
    "התור ירד מ-60 ל-25.",
  ])("is told as it was: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    "The mean went from 140 ms to 310 ms.",
    "The queue has 60 entries, against 25 yesterday.",
    "Автобус їздить кожні 20 хвилин замість 15.",
    "The fee is £7, up from £9.",
    "Kosztuje 4,10 zł zamiast 4,60 zł.",
    "התור עלה מ-25 ל-60.",
  ])("is not turned round: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

describe("the time somewhere else", () => {
  const places = (text: string) =>
    [...text.matchAll(/Lima|Limie|Лімі|בלימה/g)].map(([matched]) => ({ matched, id: 1 }));
  const ground = createGround(
    {
      texts: ["What time is it in Lima?"],
      evidence: [
        {
          id: "e1",
          service: "time",
          title: "time_now",
          text: "It is 21:40 on Friday 20 November 2026 in Lima, Peru.",
          data: { localTime: "2026-11-20T21:40:00-05:00", timezone: "America/Lima", place: "Lima", country: "PE" },
          sourceName: "Clock",
          observedAt: "2026-11-21T02:40:00Z",
          score: 1,
        },
      ],
      actions: [],
      locale: "en",
      timezone: "Europe/Warsaw",
      now: new Date("2026-11-21T02:40:00Z"),
    },
    places,
  );

  test.each([
    "It is 21:40 in Lima.",
    "W Limie jest 21:40, piątek.",
    "У Лімі зараз 21:40, п'ятниця.",
    "בלימה השעה 21:40, יום שישי.",
    "It is 3:40 am where you are.",
  ])("is that place's own: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    "It is 3:40 am in Lima.",
    "W Limie jest 3:40.",
    "У Лімі зараз 03:40.",
    "בלימה השעה 03:40.",
    "It is Saturday in Lima.",
    "W Limie jest sobota.",
    "У Лімі субота.",
    "בלימה יום שבת.",
  ])("is not the user's: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });

  test("the day of what has a day of its own is not today's", () => {
    const room = inLondon([{ data: { room: "Baltyk", date: "2026-11-23" } }]);
    expect(room.unsupported("Baltyk is booked for Monday.")).toBeUndefined();
    expect(room.unsupported("Baltyk is booked for Saturday.")).toBeDefined();
  });
});

describe("a count of a day", () => {
  const ground = inLondon([
    { title: "Rehearsal", data: { title: "Rehearsal", starts: "2026-11-21T09:00:00Z" } },
    { title: "Lunch", data: { title: "Lunch", starts: "2026-11-21T13:00:00Z" } },
    { title: "Concert", data: { title: "Concert", starts: "2026-11-22T19:00:00Z" } },
  ]);

  test.each([
    "You have two appointments today and one tomorrow.",
    "Masz dziś dwa spotkania.",
    "Сьогодні дві зустрічі.",
    "שתי פגישות היום ואחת מחר.",
    "There are three appointments.",
  ])("is that day's: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeUndefined();
  });

  test.each([
    "You have three appointments today.",
    "Masz dziś trzy spotkania.",
    "Сьогодні три зустрічі.",
    "שלוש פגישות היום ואחת מחר.",
  ])("is not the whole list's: %s", (sentence) => {
    expect(ground.unsupported(sentence)).toBeDefined();
  });
});

test("a bare figure is of no unit that its evidence gives to others", () => {
  const ground = inLondon([{ text: "Visibility 0.8 km, pressure 1,012 hPa. Raw report: 31008KT 0800 BR 04/03." }]);
  expect(ground.unsupported("Visibility is 800 metres.")).toBeUndefined();
  expect(ground.unsupported("Visibility is 800 km.")).toBeDefined();
  expect(ground.unsupported("Widzialność wynosi 800 km.")).toBeDefined();
  expect(ground.unsupported("Видимість — 800 км.")).toBeDefined();
  expect(ground.unsupported('הראות היא 800 ק"מ.')).toBeDefined();
});

test("a number that is dialled is told digit by digit", () => {
  const ground = inLondon([{ text: "Reception: 022 614 38 52, open since 1998." }, { text: "Fax +48 22 614 38 60." }]);
  for (const sentence of [
    "Call 022 614 38 52.",
    "Telefon: 022-614-38-52.",
    "Телефон 022 6143852.",
    "פקס: 022-614-38-60",
  ])
    expect(ground.unsupported(sentence), sentence).toBeUndefined();
  for (const sentence of [
    "Call 022 614 52 38.",
    "Telefon: 022-614-38-22.",
    "Телефон 022 6148352.",
    "טלפון: 022-614-60-52",
  ])
    expect(ground.unsupported(sentence), sentence).toBeDefined();
});
