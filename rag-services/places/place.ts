/** A populated place of the gazetteer. */
export interface Place {
  readonly id: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly admin1: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly population: number;
  /** IANA zone. */
  readonly timezone: string;
}

/** A place found in words, and the others that it could have been (largest first). */
export interface FoundPlace {
  readonly place: Place;
  readonly alternatives: readonly Place[];
  /** The words of the text that name it. */
  readonly matched: string;
}

/** Places by name in many scripts and in the inflections of pl, uk, he. Loaded once; look-ups take microseconds. */
export interface Gazetteer {
  /** The place that a whole phrase names ("Krakowie", "Springfield, Illinois", "בתל אביב"); undefined when none does. */
  resolve(phrase: string, locale: string): FoundPlace | undefined;
  /** Places named inside a longer text, in order of appearance, longest match first. */
  find(text: string, locale: string): readonly FoundPlace[];
}
