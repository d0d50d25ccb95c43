import { parse } from "csv-parse/sync";
import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Airport } from "./airport-table.ts";

const number = z
  .string()
  .transform((text) => (text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text)));
const Row = z.object({
  ident: z.string(),
  type: z.string(),
  name: z.string(),
  latitude_deg: number,
  longitude_deg: number,
  elevation_ft: number,
  iso_country: z.string(),
  municipality: z.string().default(""),
  icao_code: z.string().optional(),
  gps_code: z.string().optional(),
  iata_code: z.string().default(""),
});

const codeOf = ({ icao_code, gps_code, ident }: z.infer<typeof Row>): string => icao_code || gps_code || ident;

/**
 * Airports of OurAirports' own `airports.csv` that have an IATA and an ICAO code and are not closed. It has neither zones nor
 * runways; `known` lends them.
 * @throws {AppError} CONFIG_INVALID when the text is not that file.
 */
export const readOurAirports = (csv: string, known: readonly Airport[] = []): readonly Airport[] => {
  const byIcao = new Map(known.map((airport) => [airport.icao, airport]));
  const read = (): unknown[] => {
    try {
      return parse(csv, { columns: true, bom: true, skip_empty_lines: true });
    } catch (cause) {
      throw new AppError("CONFIG_INVALID", "This is not OurAirports' airports.csv.", { cause });
    }
  };
  return read().flatMap((value) => {
    const parsed = Row.safeParse(value);
    if (!parsed.success)
      throw new AppError("CONFIG_INVALID", "This is not OurAirports' airports.csv.", { cause: parsed.error });
    const row = parsed.data;
    const icao = codeOf(row).toUpperCase();
    const { latitude_deg: latitude, longitude_deg: longitude } = row;
    const isUsable = row.type !== "closed" && /^[A-Z0-9]{4}$/.test(icao) && /^[A-Z0-9]{3}$/.test(row.iata_code);
    if (!isUsable || latitude === undefined || longitude === undefined) return [];
    const before = byIcao.get(icao);
    const airport: Airport = {
      icao,
      iata: row.iata_code,
      name: row.name,
      city: row.municipality,
      country: row.iso_country,
      latitude,
      longitude,
      elevationFt: row.elevation_ft ?? before?.elevationFt,
      timezone: before?.timezone,
      longestRunwayFt: before?.longestRunwayFt,
    };
    return [airport];
  });
};
