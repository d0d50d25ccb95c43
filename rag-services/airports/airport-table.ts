/** An airport of the table. */
export interface Airport {
  /** Four letters or digits; the only name used with aviation sources. */
  readonly icao: string;
  /** Three letters. */
  readonly iata: string;
  readonly name: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevationFt: number | undefined;
  /** IANA zone. */
  readonly timezone: string | undefined;
  readonly longestRunwayFt: number | undefined;
}

export interface Airline {
  readonly iata: string;
  readonly icao: string;
  readonly name: string;
  readonly country: string;
}

/** An airport found by words, and the others that it could have been, likeliest first. */
export interface FoundAirport {
  readonly airport: Airport;
  readonly alternatives: readonly Airport[];
}

/** Airports and airlines by code, name or city. Look-ups never leave the process. */
export interface AirportTable {
  /** By IATA or ICAO code, in any case. */
  byCode(code: string): Airport | undefined;
  /** By code, name, or the city it serves, inflected as the locale does ("lotnisko w Gdańsku"). */
  resolve(phrase: string, locale: string): FoundAirport | undefined;
  airlineByCode(code: string): Airline | undefined;
  /** By code or name ("LO", "Lufthansa"). */
  resolveAirline(phrase: string): Airline | undefined;
}
