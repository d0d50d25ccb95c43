import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Place } from "./place.ts";

/** That a place bears a name: its index in the table, and whether the name is as good as its main one. */
export interface NamedPlace {
  readonly index: number;
  readonly strong: boolean;
}

/** The shipped places by folded name. */
export interface PlaceTable {
  /** Places that bear a folded name; none: empty. */
  named(key: string): readonly NamedPlace[];
  /** Whether more words may follow this folded beginning of a name. */
  isBeginning(key: string): boolean;
  place(index: number): Place;
  population(index: number): number;
  country(index: number): string;
  admin1(index: number): string;
}

const none: readonly NamedPlace[] = Object.freeze([]);

/** Reads the table; rows are decoded when first asked for. Takes a tenth of a second and some 20 MB. */
export const loadPlaceTable = (): PlaceTable => {
  const rows = gunzipSync(readFileSync(new URL("places.tsv.gz", import.meta.url)))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  // Bits: index × 2 + 1 for a strong name; a name of several places maps to an array.
  const byName = new Map<string, number | number[]>();
  const beginnings = new Set<string>();
  const populations = new Int32Array(rows.length);
  const regions: string[] = new Array(rows.length);
  const shared = new Map<string, string>();

  const add = (key: string, code: number) => {
    const known = byName.get(key);
    if (known === undefined) {
      byName.set(key, code);
      for (let space = key.indexOf(" "); space > 0; space = key.indexOf(" ", space + 1))
        beginnings.add(key.slice(0, space));
    } else if (typeof known === "number") byName.set(key, [known, code]);
    else known.push(code);
  };

  rows.forEach((row, index) => {
    const fields = row.split("\t");
    populations[index] = Number(fields[6]) || 1_000; // unknown: small
    const region = `${fields[2]}.${fields[3]}`;
    regions[index] = shared.get(region) ?? region;
    if (!shared.has(region)) shared.set(region, region);
    for (const key of (fields[8] ?? "").split("|")) if (key) add(key, index * 2 + 1);
    for (const key of (fields[9] ?? "").split("|")) if (key) add(key, index * 2);
  });

  return {
    named(key) {
      const codes = byName.get(key);
      if (codes === undefined) return none;
      return (typeof codes === "number" ? [codes] : codes).map((code) => ({
        index: code >> 1,
        strong: (code & 1) === 1,
      }));
    },
    isBeginning: (key) => beginnings.has(key),
    population: (index) => populations[index] ?? 0,
    country: (index) => (regions[index] ?? "").slice(0, 2),
    admin1: (index) => (regions[index] ?? "").slice(3),
    place(index) {
      const [id, name, country, admin1, latitude, longitude, population, timezone] = (rows[index] ?? "").split("\t", 8);
      return {
        id: Number(id),
        name: name ?? "",
        country: country ?? "",
        admin1: admin1 ?? "",
        latitude: Number(latitude),
        longitude: Number(longitude),
        population: Number(population),
        timezone: timezone ?? "UTC",
      };
    },
  };
};
