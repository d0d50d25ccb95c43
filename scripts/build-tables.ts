/**
 * Makes the tables that ship from the reference data: `node scripts/build-tables.ts FOLDER`, where FOLDER holds
 * cities.csv.gz (GeoNames), airports.csv.gz and airlines.csv.gz (OpenFlights, OurAirports). An airports.csv beside them
 * (OurAirports' own file) brings the airports up to date.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { readOurAirports } from "../rag-services/airports/read-our-airports.ts";
import { toAirport } from "../rag-services/airports/shipped-airports.ts";
import { foldName } from "../rag-services/places/fold-name.ts";

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node scripts/build-tables.ts FOLDER");

type Row = Readonly<Record<string, string>>;
const read = (name: string): Row[] => parse(gunzipSync(readFileSync(join(folder, name))), { columns: true });
const target = (path: string) => join(import.meta.dirname, "..", "rag-services", path);
const write = (path: string, lines: readonly string[]) => {
  const packed = gzipSync(`${lines.join("\n")}\n`, { level: 9 });
  packed[9] = 255; // the operating system in gzip's head: the same bytes on every machine
  writeFileSync(target(path), packed);
  console.log(`${path}: ${lines.length} rows, ${Math.round(packed.length / 1024)} KiB`);
};

/** Names in the scripts that are asked in; lower-case Latin ones are transcriptions of sounds, not names. */
const isName = (name: string): boolean =>
  /[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0590-\u05ff]/.test(name) && !/^[a-z]/.test(name) && !name.includes("\t");

// Curated: id, the name shown ("" keeps GeoNames' own), strong names (as good as the main one), separated by bars.
const curated = new Map(
  readFileSync(target("places/curated-names.tsv"), "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split("\t") as [string, string, string])
    .map(([id, shown, strong]) => [id, { shown, strong: strong.split("|").filter(Boolean) }] as const),
);

const cities = read("cities.csv.gz").map((row) => {
  const extra = curated.get(row.geonameid ?? "");
  curated.delete(row.geonameid ?? "");
  const name = extra?.shown || (row.name ?? "");
  const strong = new Set([name, row.name ?? "", row.ascii || (row.name ?? ""), ...(extra?.strong ?? [])].map(foldName));
  const weak = new Set((row.other_names ?? "").split("|").filter(isName).map(foldName));
  const numbers = [row.latitude, row.longitude, row.population];
  const keys = [[...strong].filter(Boolean), [...weak].filter((key) => key.length > 1 && !strong.has(key))];
  return [
    row.geonameid,
    name,
    row.country,
    row.admin1,
    ...numbers,
    row.timezone,
    ...keys.map((list) => list.join("|")),
  ].join("\t");
});
if (curated.size > 0) throw new Error(`curated names of unknown places: ${[...curated.keys()].join(", ")}`);
write("places/places.tsv.gz", cities);

/** Rows brought up to date from OurAirports' own airports.csv; zones and runways are kept. */
const refreshed = (rows: readonly string[]): string[] => {
  const known = rows.map((row) => toAirport(row.split("\t")));
  const now = readOurAirports(readFileSync(join(folder, "airports.csv"), "utf8"), known);
  const all = new Map([...known, ...now].map((airport) => [airport.icao, airport]));
  return [...all.values()].map((airport) =>
    [
      airport.icao,
      airport.iata,
      airport.name,
      airport.city,
      airport.country,
      airport.latitude,
      airport.longitude,
      airport.elevationFt ?? "",
      airport.timezone ?? "",
      airport.longestRunwayFt ?? "",
    ].join("\t"),
  );
};

const columns = (rows: readonly Row[], names: readonly string[]): string[] =>
  rows.map((row) => names.map((name) => row[name] ?? "").join("\t"));
const airportColumns = [
  "icao",
  "iata",
  "name",
  "city",
  "country",
  "latitude",
  "longitude",
  "elevation_ft",
  "timezone",
  "longest_runway_ft",
];
const airportRows = columns(read("airports.csv.gz"), airportColumns);
write("airports/airports.tsv.gz", existsSync(join(folder, "airports.csv")) ? refreshed(airportRows) : airportRows);
write("airports/airlines.tsv.gz", columns(read("airlines.csv.gz"), ["iata", "icao", "name", "country"]));
