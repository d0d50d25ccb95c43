import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";
import { foldName } from "../../../rag-services/places/fold-name.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";

const places = createGazetteer();
const names = (text: string, locale: string) => places.find(text, locale).map(({ place }) => place.name);

describe("one place named by a whole phrase", () => {
  test.each([
    ["Kraków", "pl", "Kraków"],
    ["krakow", "en", "Kraków"],
    ["Cracow", "en", "Kraków"],
    ["w Krakowie", "pl", "Kraków"],
    ["w Krakowie", "en", "Kraków"],
    ["z Gdańska", "pl", "Gdańsk"],
    ["gdansku", "pl", "Gdańsk"],
    ["do Łodzi", "pl", "Łódź"],
    ["we Wrocławiu", "pl", "Wrocław"],
    ["w Nowym Jorku", "pl", "New York"],
    ["w Warszawie", "pl", "Warsaw"],
    ["Białymstoku", "pl", "Białystok"],
    ["Zielonej Górze", "pl", "Zielona Góra"],
    ["Bielsku-Białej", "pl", "Bielsko-Biała"],
    ["Tarnowskich Górach", "pl", "Tarnowskie Góry"],
    ["z Katowic", "pl", "Katowice"],
    ["w Sosnowcu", "pl", "Sosnowiec"],
    ["Zakopanem", "pl", "Zakopane"],
    ["Paryż", "pl", "Paris"],
    ["w Londynie", "pl", "London"],
    ["Monachium", "pl", "Munich"],
    ["w Rzymie", "pl", "Rome"],
    ["w Pekinie", "pl", "Beijing"],
    ["w Pradze", "pl", "Prague"],
    ["w Wiedniu", "pl", "Vienna"],
    ["у Львові", "uk", "Lviv"],
    ["в Києві", "uk", "Kyiv"],
    ["до Одеси", "uk", "Odesa"],
    ["у Тернополі", "uk", "Ternopil"],
    ["у Кривому Розі", "uk", "Kryvyi Rih"],
    ["з Чернівців", "uk", "Chernivtsi"],
    ["у Відні", "uk", "Vienna"],
    ["בתל אביב", "he", "Tel Aviv"],
    ["בתל-אביב", "he", "Tel Aviv"],
    ["לירושלים", "he", "Jerusalem"],
    ["מחיפה", "he", "Haifa"],
    ["בוורשה", "he", "Warsaw"],
    ["בניו יורק", "he", "New York"],
    ["the city of Lyon", "en", "Lyon"],
  ])("%s (%s) is %s", (phrase, locale, name) => {
    expect(places.resolve(phrase, locale)?.place.name).toBe(name);
  });

  test.each([
    ["Springfield", "US", "MO"],
    ["Springfield, Illinois", "US", "IL"],
    ["Springfield, IL", "US", "IL"],
    ["springfield illinois", "US", "IL"],
    ["Paris", "FR", "A8"],
    ["Paris, Texas", "US", "TX"],
    ["Paris, France", "FR", "A8"],
    ["London, Ontario", "CA", "08"],
    ["Cambridge, England", "GB", "ENG"],
    ["Paryż, Teksas", "US", "TX"],
    ["Paryż we Francji", "FR", "A8"],
    ["Birmingham, Wielka Brytania", "GB", "ENG"],
  ])("takes the %s of the region that is named, else the largest", (phrase, country, admin1) => {
    expect(places.resolve(phrase, "pl")?.place).toMatchObject({ country, admin1 });
  });

  test("gives the others of the same name, largest first", () => {
    const found = places.resolve("Springfield", "en");
    expect(found?.place).toMatchObject({ country: "US", admin1: "MO", timezone: "America/Chicago" });
    const sizes = found?.alternatives.map(({ population }) => population) ?? [];
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test("knows no place in another state than it has, in other words, or in nothing", () => {
    for (const phrase of ["Douglas, Maine", "xyzzy", "my garden", "Kraków and then some words", "", " ", "!?", "17"]) {
      expect(places.resolve(phrase, "en"), phrase).toBeUndefined();
    }
  });
});

describe("places inside a text", () => {
  test("are given in order, with the words that name them", () => {
    const found = places.find(
      "What's the weather in Kraków tomorrow, how high is Gdańsk airport, and what is 17 %?",
      "en",
    );
    expect(found.map(({ place, matched }) => [place.name, matched])).toEqual([
      ["Kraków", "Kraków"],
      ["Gdańsk", "Gdańsk"],
    ]);
  });

  test("are found in case forms and with their regions", () => {
    expect(names("Jaka jest pogoda w Krakowie, a jaka w Nowym Jorku?", "pl")).toEqual(["Kraków", "New York"]);
    expect(names("яка погода у Львові та в Києві", "uk")).toEqual(["Lviv", "Kyiv"]);
    expect(names("מה מזג האוויר בתל אביב ובחיפה", "he")).toEqual(["Tel Aviv", "Haifa"]);
    expect(names("weather in paris and in london", "en")).toEqual(["Paris", "London"]);
    expect(places.find("is it raining in Springfield, Illinois today", "en")[0]?.matched).toBe("Springfield, Illinois");
  });

  test.each([
    ["nice weather today, isn't it", "en"],
    ["Nice to meet you", "en"],
    ["Of course, most people may march", "en"],
    ["is there a can of beans in reading distance", "en"],
    ["what is the status of my mobile order", "en"],
    ["I have never been there. Can you help", "en"],
    ["jak dojść do domu w sobotę rano", "pl"],
    ["Tom gniewa się na Marię", "pl"],
    ["у мене болить голова", "uk"],
    ["לא היה לי זמן ללכת לים", "he"],
  ])("are not seen in '%s'", (text, locale) => {
    expect(names(text, locale)).toEqual([]);
  });

  test("are told from ordinary words by a capital after a preposition", () => {
    expect(names("it is nice in Nice", "en")).toEqual(["Nice"]);
  });

  test("are always parts of the text, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("en", "pl", "uk", "he"), (noise, locale) => {
        const text = `${noise} in London ${noise}`;
        for (const { matched, place } of places.find(text, locale)) {
          expect(text).toContain(matched);
          expect(place.timezone).toMatch(/\//);
        }
        places.resolve(text, locale);
      }),
    );
  });

  test.each(["weather in krakow or so ", "San San ", "Krakowie Nowym Jorku ", "בתל אביב ", "a,b;", "aą"])(
    "are sought in 100 KB of '%s' without holding anything up",
    async (unit) => {
      const text = unit.repeat(Math.ceil(100_000 / unit.length));
      // Measured: 4 to 15 ms.
      expect(await leastCpuMs(() => places.find(text, "pl"))).toBeLessThan(50);
    },
  );
});

test("a look-up takes microseconds", () => {
  const phrases = ["w Krakowie", "Springfield, Illinois", "у Львові", "בתל אביב"];
  for (const phrase of phrases) places.resolve(phrase, "pl");
  const started = performance.now();
  for (let round = 0; round < 250; round += 1) for (const phrase of phrases) places.resolve(phrase, "pl");
  expect((performance.now() - started) / 1_000).toBeLessThan(0.5); // milliseconds each
});

test("names compare without case, diacritics and punctuation", () => {
  expect(foldName("Łódź")).toBe("lodz");
  expect(foldName("  Bielsko-Biała ")).toBe("bielsko biala");
  expect(foldName("L’viv")).toBe("lviv");
  expect(foldName("КИЇВ")).toBe("київ");
  expect(foldName("תֵּל־אָבִיב")).toBe("תל אביב");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => foldName(foldName(text)) === foldName(text)));
});
