import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Airline, Airport } from "./airport-table.ts";

const rowsOf = (name: string): string[][] =>
  gunzipSync(readFileSync(new URL(name, import.meta.url)))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));

const numberOf = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);

/** A row of the table: ICAO, IATA, name, city, country, latitude, longitude, elevation, zone, longest runway. */
export const toAirport = (row: readonly string[]): Airport => {
  const [icao, iata, name, city, country, latitude, longitude, elevation, zone, runway] = row;
  return {
    icao: icao ?? "",
    iata: iata ?? "",
    name: name ?? "",
    city: city ?? "",
    country: country ?? "",
    latitude: Number(latitude),
    longitude: Number(longitude),
    elevationFt: numberOf(elevation),
    timezone: zone || undefined,
    longestRunwayFt: numberOf(runway),
  };
};

/** The airports that ship with the package (OpenFlights, OurAirports; see NOTICE). */
export const shippedAirports = (): readonly Airport[] => rowsOf("airports.tsv.gz").map(toAirport);

/** The airlines that ship with the package (OpenFlights). */
export const shippedAirlines = (): readonly Airline[] =>
  rowsOf("airlines.tsv.gz").map(([iata, icao, name, country]) => ({
    iata: iata ?? "",
    icao: icao ?? "",
    name: name ?? "",
    country: country ?? "",
  }));
