import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAirports } from "../../../rag-services/airports/service.ts";
import type { ServiceContext } from "../../../rag-services/rag-service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { permitOf } from "../../support/permit.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";

const metar = [
  {
    icaoId: "EPGD",
    receiptTime: "2026-08-01T09:32:11.000Z",
    obsTime: 1_785_576_600,
    reportTime: "2026-08-01T09:30:00.000Z",
    temp: 21,
    dewp: 12,
    wdir: 240,
    wspd: 11,
    visib: "6+",
    altim: 1015,
    qcField: 0,
    metarType: "METAR",
    rawOb: "METAR EPGD 010930Z 24011KT 9999 FEW035 21/12 Q1015",
    lat: 54.38,
    lon: 18.47,
    elev: 149,
    name: "Gdansk/Lech Walesa Arpt, PM, PL",
    clouds: [{ cover: "FEW", base: 3500 }],
    fltCat: "VFR",
  },
];

const faa = `<?xml version="1.0" encoding="UTF-8"?><AIRPORT_STATUS_INFORMATION><Update_Time>Sat Aug 1 09:58:12 2026 GMT</Update_Time><Dtd_File>https://nasstatus.faa.gov/xml/airport_status_information.dtd</Dtd_File><Delay_type><Name>Ground Stop Programs</Name><Ground_Stop_List><Program><ARPT>ATL</ARPT><Reason>thunderstorms</Reason><End_Time>4:00 pm EDT.</End_Time></Program></Ground_Stop_List></Delay_type><Delay_type><Name>Ground Delay Programs</Name><Ground_Delay_List><Ground_Delay><ARPT>EWR</ARPT><Reason>low ceilings</Reason><Avg>46 minutes</Avg><Max>1 hour and 32 minutes</Max></Ground_Delay></Ground_Delay_List></Delay_type><Delay_type><Name>General Arrival/Departure Delay Info</Name><Arrival_Departure_Delay_List><Delay><ARPT>EWR</ARPT><Reason>TM Initiatives:SWAP:WX</Reason><Arrival_Departure Type="Departure"><Min>16 minutes</Min><Max>30 minutes</Max><Trend>Increasing</Trend></Arrival_Departure></Delay></Arrival_Departure_Delay_List></Delay_type><Delay_type><Name>Airport Closures</Name><Airport_Closure_List><Airport><ARPT>LAS</ARPT><Reason>!LAS 07/112 LAS AD AP CLSD TO NON SKED TRANSIENT GA ACFT EXC 24HR PPR</Reason><Start>Jul 01 at 12:00 UTC.</Start><Reopen>Sep 01 at 12:00 UTC.</Reopen></Airport></Airport_Closure_List></Delay_type></AIRPORT_STATUS_INFORMATION>`;

const aviationstack = {
  pagination: { limit: 10, offset: 0, count: 1, total: 1 },
  data: [
    {
      flight_date: "2026-08-01",
      flight_status: "scheduled",
      departure: {
        airport: "Chopin Airport",
        timezone: "Europe/Warsaw",
        iata: "WAW",
        icao: "EPWA",
        terminal: null,
        gate: "24",
        delay: 25,
        scheduled: "2026-08-01T07:35:00+00:00",
        estimated: "2026-08-01T08:00:00+00:00",
        actual: null,
        estimated_runway: null,
        actual_runway: null,
      },
      arrival: {
        airport: "Heathrow",
        timezone: "Europe/London",
        iata: "LHR",
        icao: "EGLL",
        terminal: "2",
        gate: null,
        baggage: null,
        delay: null,
        scheduled: "2026-08-01T09:20:00+00:00",
        estimated: "2026-08-01T09:41:00+00:00",
        actual: null,
        estimated_runway: null,
        actual_runway: null,
      },
      airline: { name: "LOT - Polish Airlines", iata: "LO", icao: "LOT" },
      flight: { number: "281", iata: "LO281", icao: "LOT281", codeshared: null },
      aircraft: null,
      live: null,
    },
  ],
};

const aerodatabox = [
  {
    greatCircleDistance: { km: 1468.2 },
    departure: {
      airport: {
        icao: "EPWA",
        iata: "WAW",
        name: "Warsaw Chopin",
        municipalityName: "Warsaw",
        countryCode: "PL",
        timeZone: "Europe/Warsaw",
      },
      scheduledTime: { utc: "2026-08-01 05:35Z", local: "2026-08-01 07:35+02:00" },
      revisedTime: { utc: "2026-08-01 06:00Z", local: "2026-08-01 08:00+02:00" },
      quality: ["Basic", "Live"],
    },
    arrival: {
      airport: {
        icao: "EGLL",
        iata: "LHR",
        name: "London Heathrow",
        municipalityName: "London",
        countryCode: "GB",
        timeZone: "Europe/London",
      },
      scheduledTime: { utc: "2026-08-01 08:20Z", local: "2026-08-01 09:20+01:00" },
      predictedTime: { utc: "2026-08-01 08:41Z", local: "2026-08-01 09:41+01:00" },
      terminal: "2",
      quality: ["Basic"],
    },
    lastUpdatedUtc: "2026-08-01 05:50Z",
    number: "LO 281",
    callSign: "LOT281",
    status: "Delayed",
    codeshareStatus: "IsOperator",
    isCargo: false,
    airline: { name: "LOT - Polish", iata: "LO", icao: "LOT" },
  },
];

ragServiceContract("airports (weather reports)", {
  create: createAirports,
  script: (server) => server.on("/aviationweather/api/data/metar", { body: metar }),
  slots: { airport: "Gdańsk", aspect: "metar" },
  junkSlots: [null, "GDN", { airport: "" }, { airport: 7 }, { aspect: "colour" }, { airport: "x".repeat(1_000) }],
  says: {
    en: ["21 °C", "20 km/h (11 kt)", "at least 9.7 km", "1,015 hPa", "1 August 2026", "11:30", "aviationweather.gov"],
    pl: [
      "21 °C",
      "20 km/h (11 kt)",
      "co najmniej 9,7 km",
      "1015 hPa",
      "1 sierpnia 2026",
      "11:30",
      "aviationweather.gov",
    ],
  },
});

ragServiceContract("airports (delays)", {
  create: createAirports,
  script: (server) => server.on("/faa-nas/api/airport-status-information", { body: faa }),
  slots: { airport: "Newark", aspect: "delays" },
  junkSlots: [[]],
  says: {
    en: ["46 minutes", "16 minutes to 30 minutes", "low ceilings"],
    pl: ["średnio 46 minutes", "opóźnione odloty"],
  },
});

ragServiceContract("airports (flights)", {
  create: createAirports,
  environment: () => ({ AVIATIONSTACK_API_KEY: "stack-key", AERODATABOX_API_KEY: "box-key" }),
  script: (server) => {
    server.on("/aviationstack/v1/flights", { body: aviationstack });
    server.on("/aerodatabox/flights/number/LO281", { body: aerodatabox });
  },
  slots: { flight: "lo 281" },
  junkSlots: [{ flight: "" }, { flight: 281 }, { flight: "LO281", date: "tomorrow" }],
  says: {
    en: ["LO281", "08:00", "09:41", "25 min late", "terminal 2"],
    pl: ["LO281", "08:00", "09:41", "opóźnienie 25 min"],
  },
});

describe("airports", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (
    slots: Record<string, unknown>,
    changes: Partial<ServiceContext> = {},
    environment: Record<string, string> = {},
  ) => {
    const service = createAirports(testServiceDeps(server, environment));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };

  test("say how high Gdańsk airport is without leaving the process, even when nothing may", async () => {
    const permit = permitOf("blocked");
    const en = await ask({ airport: "Gdańsk airport", aspect: "elevation" }, { permit });
    expect(en.text).toBe(
      "Gdańsk Lech Wałęsa Airport (GDN/EPGD) lies 489 ft (149 m) above sea level. Source: OpenFlights, OurAirports.",
    );
    expect(en.evidence[0]?.data).toMatchObject({ elevationFt: 489, elevationM: 149, iata: "GDN" });
    const pl = await ask({ airport: "lotnisko w Gdańsku", aspect: "elevation" }, { permit, locale: "pl" });
    expect(pl.text).toContain("149 m (489 ft) n.p.m.");
    expect(server.requests).toEqual([]);
  });

  test.each([
    [{ airport: "KRK", aspect: "codes" }, "IATA code KRK and the ICAO code EPKK"],
    [{ airport: "Gdańsk", aspect: "runway" }, "9,186 ft (2,800 m)"],
    [{ airport: "JFK", aspect: "timezone" }, "America/New_York; it is 06:00 there"],
    [{ airport: "Schiphol", aspect: "elevation" }, "11 ft (3 m) below sea level"],
    [{ place: "Kraków" }, "serves Krakow, Poland"],
    [{ airline: "LO" }, "LOT Polish Airlines (Poland) has the codes LO (IATA) and LOT (ICAO)"],
  ])("say of %j: %s", async (slots, said) => {
    expect((await ask(slots)).text).toContain(said);
    expect(server.requests).toEqual([]);
  });

  test("say which airport of a city was taken", async () => {
    const { degraded } = await ask({ airport: "London", aspect: "elevation" });
    expect(degraded[0]?.reason).toMatch(/I took London Heathrow Airport \(LHR\); there is also .*LGW/);
    expect((await ask({ airport: "LHR" })).degraded).toEqual([]);
  });

  test.each([
    [{}, "en", "INVALID_INPUT", "Which airport do you mean?"],
    [{}, "pl", "INVALID_INPUT", "O które lotnisko chodzi?"],
    [{ aspect: "flight" }, "en", "INVALID_INPUT", "Which flight"],
    [{ flight: "my flight" }, "en", "INVALID_INPUT", "not a flight number"],
    [{ airport: "xyzzy" }, "en", "NOT_FOUND", "xyzzy"],
    [{ airline: "xyzzy" }, "pl", "NOT_FOUND", "xyzzy"],
    [{ airport: "Gdańsk", aspect: "delays" }, "en", "NOT_FOUND", "United States only"],
    [{ flight: "LO281" }, "en", "NOT_CONFIGURED", "AVIATIONSTACK_API_KEY"],
  ])("refuse %j (%s) with %s", async (slots, locale, code, message) => {
    await expect(ask(slots, { locale })).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(server.requests).toEqual([]);
  });

  test("say that an airport reports no delays", async () => {
    server.on("/faa-nas/*", { body: faa });
    expect((await ask({ airport: "JFK", aspect: "delays" })).text).toContain("reports no delays at John F Kennedy");
    const empty =
      "<AIRPORT_STATUS_INFORMATION><Update_Time>Sat Aug 1 09:58:12 2026 GMT</Update_Time></AIRPORT_STATUS_INFORMATION>";
    server.on("/faa-nas/*", { body: empty });
    expect((await ask({ airport: "EWR", aspect: "delays" })).text).toContain("reports no delays");
  });

  test("say when a flight lands, on the clocks of the airport, with what a next question needs", async () => {
    server.on("/aviationstack/*", { body: aviationstack });
    const { evidence, text } = await ask({ flight: "LOT281" }, {}, { AVIATIONSTACK_API_KEY: "stack-key" });
    // AviationStack's +00:00 is false: the times are local.
    expect(evidence[0]?.data).toMatchObject({
      departure: { scheduledAt: "2026-08-01T05:35:00.000Z", expectedAt: "2026-08-01T06:00:00.000Z" },
      arrival: { expectedAt: "2026-08-01T08:41:00.000Z" },
      arrivalCity: "London",
      arrivalDate: "2026-08-01",
    });
    expect(text).toContain("arrival at London (LHR) 1 August 2026");
    expect(server.requests[0]?.query.get("flight_iata")).toBe("LO281");
  });

  test("ask the next source for a flight when the first fails, and say so", async () => {
    server.on("/aviationstack/*", { status: 500, body: {} });
    server.on("/aerodatabox/flights/number/LO281/2026-08-01", { body: aerodatabox });
    const keys = { AVIATIONSTACK_API_KEY: "stack-key", AERODATABOX_API_KEY: "box-key" };
    const { evidence, degraded } = await ask({ flight: "LO281", date: "2026-08-01" }, {}, keys);
    expect(evidence[0]).toMatchObject({ sourceName: "AeroDataBox", data: { status: "delayed" } });
    expect(degraded).toEqual([expect.objectContaining({ part: "AviationStack" })]);
  });

  test("know nothing of flights and reports that the sources do not have", async () => {
    server.on("/aviationstack/*", { body: { pagination: {}, data: [] } });
    server.on("/aerodatabox/*", { status: 204, body: "" });
    server.on("/aviationweather/*", { body: [] });
    const keys = { AVIATIONSTACK_API_KEY: "stack-key", AERODATABOX_API_KEY: "box-key" };
    await expect(ask({ flight: "LO9999" }, {}, keys)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(ask({ airport: "GDN", aspect: "metar" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
