import { type AirportTable, loadAirportTable } from "../rag-services/airports/airport-table.ts";
import { createGazetteer } from "../rag-services/places/create-gazetteer.ts";
import type { Gazetteer } from "../rag-services/places/place.ts";

/** The tables that ship: loaded once, shared by services, tools and understanding. */
export interface ServiceTables {
  readonly places: Gazetteer;
  readonly airports: AirportTable;
}
