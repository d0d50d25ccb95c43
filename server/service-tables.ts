import type { AirportTable } from "../rag-services/airports/airport-table.ts";
import { loadAirportTable } from "../rag-services/airports/create-airport-table.ts";
import { createGazetteer } from "../rag-services/places/create-gazetteer.ts";
import type { Gazetteer } from "../rag-services/places/place.ts";

/** The tables that ship: loaded once, shared by services, tools and understanding. */
export interface ServiceTables {
  readonly places: Gazetteer;
  readonly airports: AirportTable;
}

/** Reads the tables from the package. */
export const loadServiceTables = (): ServiceTables => {
  const places = createGazetteer();
  return { places, airports: loadAirportTable(places) };
};
