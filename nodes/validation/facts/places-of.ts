import type { Gazetteer } from "../../../rag-services/places/place.ts";
import type { FindPlaces } from "./name-table.ts";

/** The gazetteer's look-up in a language, as names are told apart by it. */
export const placesOf =
  (gazetteer: Pick<Gazetteer, "find">, locale: string): FindPlaces =>
  (text) =>
    gazetteer.find(text, locale).map(({ matched, place }) => ({ matched, id: place.id }));
