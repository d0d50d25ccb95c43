import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ServiceContext } from "../../../rag-services/rag-service.ts";
import { createWeather } from "../../../rag-services/weather/service.ts";
import { WeatherData } from "../../../rag-services/weather/weather-data.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { permitOf } from "../../support/permit.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";
import { geocodingReply, metNorwayReply, openMeteoReply, openWeatherAhead, openWeatherNow } from "./replies.ts";

const scriptAll = (server: ProviderServer) => {
  server.on("/open-meteo/v1/forecast", ({ query }) => ({ body: openMeteoReply(query) }));
  server.on("/met-norway/weatherapi/locationforecast/2.0/compact", { body: metNorwayReply });
  server.on("/openweather/data/2.5/weather", { body: openWeatherNow });
  server.on("/openweather/data/2.5/forecast", { body: openWeatherAhead });
  server.on("/open-meteo-geocoding/v1/search", { body: geocodingReply });
};

ragServiceContract("weather (now)", {
  create: createWeather,
  environment: () => ({ OPENWEATHER_API_KEY: "weather-key" }),
  script: scriptAll,
  slots: { place: "w Krakowie" },
  junkSlots: [
    null,
    "Kraków",
    { place: "" },
    { place: 7 },
    { place: "x".repeat(500) },
    { place: "Kraków", date: "soon" },
  ],
  says: {
    en: ["Kraków, Poland", "12:00", "24 °C", "feels like 21 °C", "13 km/h", "55%", "13 to 24 °C", "Source: Open-Meteo"],
    pl: ["Kraków, Polska", "12:00", "24 °C", "odczuwalna 21 °C", "13 km/h", "od 13 do 24 °C", "Źródło: Open-Meteo"],
  },
});

ragServiceContract("weather (a later day)", {
  create: createWeather,
  script: scriptAll,
  slots: { place: "Kraków", date: "2026-08-02" },
  junkSlots: [{ place: "Kraków", date: 20260802 }],
  says: {
    en: ["Sunday, 2 August 2026", "14 to 25 °C", "1.4 mm (probability 35%)", "22 km/h"],
    pl: ["niedziela, 2 sierpnia 2026", "od 14 do 25 °C", "1,4 mm (prawdopodobieństwo 35%)", "22 km/h"],
  },
});

describe("weather", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => {
    server.reset();
    scriptAll(server);
  });
  afterAll(() => server.close());

  const ask = async (
    slots: Record<string, unknown>,
    changes: Partial<ServiceContext> = {},
    environment: Record<string, string> = {},
  ) => {
    const service = createWeather(testServiceDeps(server, environment));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    const data = WeatherData.parse(answer.evidence[0]?.data);
    return { ...answer, data, text: service.render(answer.evidence, context.locale, context.timezone) };
  };

  test("asks Open-Meteo with the gazetteer's coordinates, in the place's zone, and nobody else", async () => {
    await ask({ place: "Kraków" });
    expect(server.requests.map(({ path }) => path)).toEqual(["/open-meteo/v1/forecast"]);
    const { query, headers } = server.requests[0] ?? {};
    expect(query?.get("latitude")).toBe("50.0833");
    expect(query?.get("timezone")).toBe("Europe/Warsaw");
    expect(headers?.["user-agent"]).toMatch(/^Athena\//);
  });

  test("takes MET Norway when Open-Meteo fails, and says so", async () => {
    server.on("/open-meteo/v1/forecast", { status: 502, body: "bad gateway" });
    const { evidence, degraded, data, text } = await ask({ place: "Kraków" });
    expect(evidence[0]).toMatchObject({ sourceName: "MET Norway", observedAt: "2026-08-01T10:00:00.000Z" });
    expect(degraded).toEqual([
      expect.objectContaining({ part: "Open-Meteo", reason: expect.stringContaining("MET Norway") }),
    ]);
    expect(data.current).toMatchObject({ temperatureC: 17, windKmh: 14.4, condition: "mostly_clear" });
    // From 11 to midnight on the place's clock: 13 hours of 0.1 mm.
    expect(data.days[0]).toMatchObject({
      date: "2026-08-01",
      minC: 17,
      maxC: 25.5,
      precipitationMm: 1.3,
      condition: "showers",
    });
    expect(text).toContain("MET Norway");
  });

  test("adds up MET Norway's hours and six-hour steps once each", async () => {
    server.on("/open-meteo/v1/forecast", { status: 500, body: {} });
    const { data } = await ask({ place: "Kraków", date: "2026-08-02", dateTo: "2026-08-09" });
    expect(data.days.map(({ date }) => date)).toEqual(Array.from({ length: 8 }, (_, index) => `2026-08-0${index + 2}`));
    expect(data.days[0]?.precipitationMm).toBe(2.4); // 24 × 0.1
    expect(data.days[3]?.precipitationMm).toBe(2.4); // 4 × 0.6
  });

  test("takes OpenWeather with a key when the others fail", async () => {
    server.on("/open-meteo/*", { status: 500, body: {} });
    server.on("/met-norway/*", { body: "<html>maintenance</html>" });
    const { evidence, degraded, data } = await ask({ place: "Kraków" }, {}, { OPENWEATHER_API_KEY: "weather-key" });
    expect(evidence[0]?.sourceName).toBe("OpenWeather");
    expect(degraded.map(({ part }) => part)).toEqual(["Open-Meteo", "MET Norway"]);
    expect(data.current).toMatchObject({ temperatureC: 22.4, windKmh: 18, condition: "overcast" });
    expect(data.days[0]).toMatchObject({ minC: 18, maxC: 23, precipitationMm: 0.8, precipitationPercent: 30 });
    expect(JSON.stringify({ evidence, degraded })).not.toContain("weather-key");
  });

  test("passes over a source whose forecast does not reach so far", async () => {
    server.on("/open-meteo/*", { status: 500, body: {} });
    await expect(ask({ place: "Kraków", date: "2026-08-12" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(server.requests.some(({ path }) => path.startsWith("/met-norway"))).toBe(false);
  });

  test("asks outside only for places that the gazetteer does not know", async () => {
    const { data } = await ask({ place: "Rabka-Zdrój" });
    expect(data.place.name).toBe("Rabka-Zdrój");
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/open-meteo-geocoding/v1/search",
      "/open-meteo/v1/forecast",
    ]);
    server.on("/open-meteo-geocoding/*", { body: { generationtime_ms: 0.5 } });
    await expect(ask({ place: "Xyzzyville" }, { locale: "pl" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("Xyzzyville"),
    });
  });

  test("lets no identifier out as a place", async () => {
    const permit = { ...permitOf("sanitized"), conceal: (text: string) => text.replace("Jan Kowalski", "⟨PERSON_1⟩") };
    await expect(ask({ place: "house of Jan Kowalski" }, { permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(server.requests).toEqual([]);
    expect((await ask({ place: "Kraków" }, { permit })).data.place.name).toBe("Kraków");
  });

  test("says which place of a name was taken when others are of note", async () => {
    const { degraded, text } = await ask({ place: "Springfield" });
    expect(degraded[0]?.reason).toMatch(
      /^I took Springfield, Missouri, United States; there are others: Springfield, Massachusetts/,
    );
    expect(text).toContain("Springfield, Missouri, United States");
    expect((await ask({ place: "Springfield, Illinois" })).degraded).toEqual([]);
    expect((await ask({ place: "Paris" })).degraded).toEqual([]);
  });

  test("gives several days, and says when the forecast ends before them", async () => {
    const { data, degraded, text } = await ask({ place: "Kraków", date: "2026-08-14", dateTo: "2026-08-20" });
    expect(data.days.map(({ date }) => date)).toEqual(["2026-08-14", "2026-08-15", "2026-08-16"]);
    expect(degraded).toEqual([
      expect.objectContaining({ part: "weather", reason: expect.stringContaining("16 August") }),
    ]);
    expect(text).toContain("Saturday, 15 August 2026: light rain, 27 to 38 °C");
  });

  test("takes today as the place's calendar has it", async () => {
    // 23:30 in Warsaw is 6:30 of the next day in Tokyo… and still 11:30 of the same in Honolulu.
    const now = new Date("2026-08-01T21:30:00Z");
    const { data } = await ask({ place: "Tokyo" }, { now });
    expect(data.days[0]?.date).toBe("2026-08-02");
    expect((await ask({ place: "Honolulu" }, { now })).data.days[0]?.date).toBe("2026-08-01");
  });

  test("shows Fahrenheit and miles beside where they are used", async () => {
    const { text } = await ask({ place: "Kraków" }, { locale: "en-US" });
    expect(text).toContain("74 °F (24 °C)");
    expect(text).toContain("8 mph (13 km/h)");
  });

  test.each([
    [{}, "en", "INVALID_INPUT", "Which place do you mean?"],
    [{}, "pl", "INVALID_INPUT", "O które miejsce chodzi?"],
    [{ place: "Kraków", date: "2026-07-30" }, "en", "INVALID_INPUT", "not the weather of past days"],
    [{ place: "Kraków", date: "2026-10-01" }, "en", "INVALID_INPUT", "16 days ahead, to Sunday, 16 August 2026"],
    [{ place: "Kraków", date: "2026-10-01" }, "pl", "INVALID_INPUT", "16 dni naprzód"],
    [{ place: "Kraków", date: "2026-08-05", dateTo: "2026-08-03" }, "en", "INVALID_INPUT", "before the first"],
  ])("refuses %j (%s) with %s", async (slots, locale, code, message) => {
    await expect(ask(slots, { locale })).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(server.requests).toEqual([]);
  });
});
