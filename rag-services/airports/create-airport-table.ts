import { foldName } from "../places/fold-name.ts";
import { lemmasOf } from "../places/lemmas.ts";
import type { Gazetteer, Place } from "../places/place.ts";
import type { Airline, Airport, AirportTable, FoundAirport } from "./airport-table.ts";
import { shippedAirlines, shippedAirports } from "./shipped-airports.ts";

export interface AirportTableDeps {
  readonly airports: readonly Airport[];
  readonly airlines: readonly Airline[];
  /** Tells which city is meant, in any of its names. */
  readonly places: Gazetteer;
}

/** What people call airports that their names do not say. */
export const airportNicknames: Readonly<Record<string, string>> = {
  CDG: "Roissy",
  GDN: "Rębiechowo",
  IEV: "Zhuliany Жуляни",
  KBP: "Бориспіль",
  KRK: "Balice",
  KTW: "Pyrzowice",
  LGA: "LaGuardia",
  TLV: "בן גוריון נתבג",
  WAW: "Okęcie",
  WRO: "Strachowice",
};

/** Airports that are meant before a neighbour with a longer runway. */
const foremost: ReadonlySet<string> = new Set(["DXB", "HND", "IST"]);

const mostAlternatives = 4;
const farthestKm = 60;
const longestPhrase = 200;

/** Words around a name that only say that it is an airport. */
const generic: ReadonlySet<string> = new Set(
  (
    "the a an airport airports aerodrome airfield international of in at near to from for city " +
    "lotnisko lotniska lotnisku lotniskiem port portu porcie lotniczy lotniczego lotniczym miedzynarodowe w we z ze do na kolo " +
    "аеропорт аеропорту аеропорті аеропортом міжнародний у в з із до на летовище летовищі " +
    "נמל התעופה תעופה שדה בשדה בנמל"
  ).split(" "),
);

/** Distance on the earth's surface, good to a percent. */
const kilometresBetween = (
  a: Pick<Place, "latitude" | "longitude">,
  b: Pick<Place, "latitude" | "longitude">,
): number => {
  const rad = Math.PI / 180;
  const x = (b.longitude - a.longitude) * rad * Math.cos(((a.latitude + b.latitude) / 2) * rad);
  return 6371 * Math.hypot(x, (b.latitude - a.latitude) * rad);
};

/** How likely an airport is meant among several of one name: the one with the longest runway, unless it is military. */
const weightOf = ({ iata, name, longestRunwayFt = 3_000 }: Airport): number =>
  (foremost.has(iata) ? 1.5 : 1) *
  longestRunwayFt *
  (/\b(air (force )?base|air station|army|military|heliport)\b/i.test(name) ? 0.3 : 1);

/** An index of airports and airlines; made once. */
export const createAirportTable = ({ airports, airlines, places }: AirportTableDeps): AirportTable => {
  const byCode = new Map<string, Airport>();
  const byWord = new Map<string, Set<Airport>>();
  for (const airport of airports) {
    if (!byCode.has(airport.iata)) byCode.set(airport.iata, airport);
    byCode.set(airport.icao, airport);
    const words = foldName(`${airport.name} ${airport.city} ${airportNicknames[airport.iata] ?? ""}`).split(" ");
    for (const word of words) {
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, new Set([airport]));
      else known.add(airport);
    }
  }
  const airlineCodes = new Map<string, Airline>();
  const airlineNames = new Map<string, Airline>();
  for (const airline of airlines) {
    for (const code of [airline.iata, airline.icao]) {
      const known = airlineCodes.get(code);
      // Codes are shared by a company's parts ("Lufthansa", "Lufthansa Cargo"): the plainest name is the company.
      if (code && (known === undefined || airline.name.length < known.name.length)) airlineCodes.set(code, airline);
    }
    airlineNames.set(foldName(airline.name), airline);
  }

  const pick = (from: Iterable<Airport>): FoundAirport | undefined => {
    const [airport, ...others] = [...from].sort((a, b) => weightOf(b) - weightOf(a));
    return airport && { airport, alternatives: others.slice(0, mostAlternatives) };
  };

  /** Airports whose name and city have all the words, in this or another case. */
  const withWords = (words: readonly string[], locale: string): ReadonlySet<Airport> => {
    const forms = words.map((word) => (byWord.has(word) ? [word] : lemmasOf(word, locale)));
    const having = (ofWord: readonly string[]) => ofWord.flatMap((form) => [...(byWord.get(form) ?? [])]);
    const [first, ...others] = forms;
    const rest = others.map((ofWord) => new Set(having(ofWord)));
    return new Set(first && having(first).filter((airport) => rest.every((set) => set.has(airport))));
  };

  const near = (place: Place): readonly Airport[] =>
    airports.filter((airport) => kilometresBetween(airport, place) <= farthestKm);

  /** A code that stands alone among generic words, or in capitals among others. */
  const codeIn = (phrase: string): Airport | undefined => {
    const words = phrase.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const telling = words.filter((word) => !generic.has(foldName(word)));
    const single = telling.length === 1 ? telling[0]?.toUpperCase() : undefined;
    if (single !== undefined && /^[A-Z0-9]{3,4}$/.test(single) && byCode.has(single)) return byCode.get(single);
    return words
      .filter((word) => /^[A-Z]{3,4}$/.test(word))
      .map((word) => byCode.get(word))
      .find(Boolean);
  };

  return {
    byCode: (code) => byCode.get(code.trim().toUpperCase()),
    airlineByCode: (code) => airlineCodes.get(code.trim().toUpperCase()),
    resolveAirline: (phrase) => airlineCodes.get(phrase.trim().toUpperCase()) ?? airlineNames.get(foldName(phrase)),
    resolve(given, locale) {
      const phrase = given.slice(0, longestPhrase);
      const words = foldName(phrase)
        .split(" ")
        .filter((word) => word && !generic.has(word));
      const whole = places.resolve(words.join(" "), locale) ?? places.resolve(phrase, locale);
      const found = whole ?? places.find(phrase, locale)[0];
      // Inside a longer text only the words that name the place count.
      const named = withWords(whole || !found ? words : foldName(found.matched).split(" "), locale);
      const around = found === undefined ? [] : near(found.place);
      const coded = codeIn(phrase);
      // "Rio" and "Ufa" are cities before they are codes; "KRK" is not.
      if (coded !== undefined && (found === undefined || /\b[A-Z]{3,4}\b/.test(phrase)))
        return { airport: coded, alternatives: [] };
      return pick(around.filter((airport) => named.has(airport))) ?? pick(named) ?? pick(around);
    },
  };
};

/** The table that ships with the package. */
export const loadAirportTable = (places: Gazetteer): AirportTable =>
  createAirportTable({ airports: shippedAirports(), airlines: shippedAirlines(), places });
