import { describe, expect, test } from "vitest";
import { createAirportTable, loadAirportTable } from "../../../rag-services/airports/create-airport-table.ts";
import { readOurAirports } from "../../../rag-services/airports/read-our-airports.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";

const places = createGazetteer();
const airports = loadAirportTable(places);

describe("the shipped airports", () => {
  test.each([
    ["GDN", "en", "GDN"],
    ["gdn", "en", "GDN"],
    ["EPGD", "en", "GDN"],
    ["Gdańsk airport", "en", "GDN"],
    ["gdansk", "en", "GDN"],
    ["lotnisko w Gdańsku", "pl", "GDN"],
    ["wysokość lotniska w Łodzi", "pl", "LCJ"],
    ["lotnisko Chopina", "pl", "WAW"],
    ["w Monachium", "pl", "MUC"],
    ["Balice", "pl", "KRK"],
    ["аеропорт у Львові", "uk", "LWO"],
    ["נמל התעופה בן גוריון", "he", "TLV"],
    ["Heathrow", "en", "LHR"],
    ["London", "en", "LHR"],
    ["Paris", "en", "CDG"],
    ["New York", "en", "JFK"],
    ["LaGuardia", "en", "LGA"],
    ["how high is Gdańsk airport", "en", "GDN"],
    ["is Newark airport closed", "en", "EWR"],
    ["Rio", "en", "GIG"],
    ["Zakopane", "pl", "TAT"],
  ])("know %s (%s) as %s", (phrase, locale, iata) => {
    expect(airports.resolve(phrase, locale)?.airport.iata).toBe(iata);
  });

  test("give the elevation, codes, zone and runway of one", () => {
    expect(airports.byCode("gdn")).toMatchObject({
      icao: "EPGD",
      name: "Gdańsk Lech Wałęsa Airport",
      country: "PL",
      elevationFt: 489,
      timezone: "Europe/Warsaw",
      longestRunwayFt: 9_186,
    });
  });

  test("name the others of a city, and none for what nobody knows", () => {
    expect(airports.resolve("Warsaw", "en")?.alternatives.map(({ iata }) => iata)).toContain("WMI");
    for (const phrase of ["xyzzy", "", "airport", "the airport at"])
      expect(airports.resolve(phrase, "en")).toBeUndefined();
  });

  test("know airlines by code and name, the company before its parts", () => {
    expect(airports.airlineByCode("LH")?.name).toBe("Lufthansa");
    expect(airports.resolveAirline("lot polish airlines")?.iata).toBe("LO");
  });

  test("are found in 100 KB of anything without holding anything up", async () => {
    const ms = await leastCpuMs(() => {
      for (const unit of ["airport Kraków ", "GDN ", "a "]) airports.resolve(unit.repeat(100_000 / unit.length), "pl");
    });
    expect(ms).toBeLessThan(50);
  });
});

describe("OurAirports' own file", () => {
  const head =
    "id,ident,type,name,latitude_deg,longitude_deg,elevation_ft,continent,iso_country,iso_region,municipality,scheduled_service,icao_code,iata_code,gps_code,local_code,home_link,wikipedia_link,keywords";
  const rows = [
    '2513,"EPGD","medium_airport","Gdańsk Lech Wałęsa Airport",54.377602,18.4662,489,"EU","PL","PL-PM","Gdańsk","yes","EPGD","GDN","EPGD",,,,',
    '1,"XXAA","closed","Gone, Airport",1,2,3,"EU","PL","PL-PM","Gone","no","XXAA","GON","XXAA",,,,',
    '2,"PL-0001","small_airport","Grass strip",50,20,700,"EU","PL","PL-MA","Somewhere","no",,,,,,,',
    '3,"EDDB","large_airport","Berlin Brandenburg Airport",52.362247,13.500672,157,"EU","DE","DE-BR","Berlin","yes","EDDB","BER","EDDB",,,,',
  ];

  test("gives the airports that have both codes and are open, with zones and runways lent by the table", () => {
    const known = [airports.byCode("GDN")].flatMap((airport) => airport ?? []);
    const read = readOurAirports([head, ...rows].join("\n"), known);
    expect(read.map(({ iata }) => iata)).toEqual(["GDN", "BER"]);
    expect(read[0]).toMatchObject({ elevationFt: 489, timezone: "Europe/Warsaw", longestRunwayFt: 9_186 });
    const table = createAirportTable({ airports: read, airlines: [], places });
    expect(table.resolve("Berlin", "en")?.airport.iata).toBe("BER");
  });

  test("is refused when it is something else", () => {
    for (const csv of ["a,b\n1,2\n", '"unclosed']) {
      expect(() => readOurAirports(csv)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    }
  });
});
