import { airportNicknames } from "../../rag-services/airports/create-airport-table.ts";
import { shippedAirports } from "../../rag-services/airports/shipped-airports.ts";

const fields = /^(?:iata|icao|airport|station|origin|destination|departure|arrival|from|to)$/i;
const loaded: { names?: ReadonlyMap<string, string> } = {};

const namesByCode = (): ReadonlyMap<string, string> => {
  if (!loaded.names) {
    const names = new Map<string, string>();
    for (const { iata, icao, name, city } of shippedAirports()) {
      const text = `${name}|${city} ${airportNicknames[iata] ?? ""}`;
      if (iata) names.set(iata, text);
      if (icao) names.set(icao, text);
    }
    loaded.names = names;
  }
  return loaded.names;
};

/** What the airport is called whose code stands in a field of data that gives airports; undefined for any other. */
export const airportIn = (field: string, value: string): string | undefined =>
  fields.test(field) && /^[A-Z]{3,4}$/.test(value) ? namesByCode().get(value) : undefined;

/** Words that the names of many airports have. */
const general =
  /^(?:airport|international|regional|municipal|city|field|county|central|airfield|north|south|east|west)$/i;

/** Whether a code is that of an airport which is known by its own name, and by no code. */
export const isAirportOf = (code: string, texts: readonly string[], isKnown: (word: string) => boolean): boolean => {
  if (!/^[A-Z]{3,4}$/.test(code)) return false;
  const own = (
    namesByCode()
      .get(code)
      ?.split(/[^\p{L}]+/u) ?? []
  ).filter((word) => word.length > 3 && !general.test(word));
  if (own.length === 0 || !own.every(isKnown)) return false;
  return !texts.some((text) =>
    (text.match(/(?<!\p{L})[A-Z]{3,4}(?!\p{L})/gu) ?? []).some((each) => namesByCode().has(each)),
  );
};
