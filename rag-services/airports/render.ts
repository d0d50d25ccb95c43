import type { FoundEvidence } from "../rag-service.ts";
import { countryName, formatNumber, formatTime, phrase, sourceLine } from "../render-text.ts";
import { type AirlineFacts, AirportData, type AirportFacts, type MetarFacts } from "./airport-data.ts";
import { sayDelays } from "./render-delays.ts";
import { sayFlight } from "./render-flight.ts";

const called = ({ name, iata, icao }: Pick<AirportFacts, "name" | "iata" | "icao">): string =>
  `${name} (${iata}/${icao})`;

const elevation = (facts: AirportFacts, locale: string): string | undefined => {
  const { elevationFt, elevationM } = facts;
  if (elevationFt === undefined || elevationM === undefined) return undefined;
  const feet = formatNumber(Math.abs(elevationFt), locale);
  const metres = formatNumber(Math.abs(elevationM), locale);
  const isBelow = elevationFt < 0;
  return phrase(locale, {
    en: `${called(facts)} lies ${feet} ft (${metres} m) ${isBelow ? "below" : "above"} sea level.`,
    pl: `${called(facts)} leży ${metres} m (${feet} ft) ${isBelow ? "poniżej poziomu morza" : "n.p.m."}`,
  });
};

const runway = (facts: AirportFacts, locale: string): string | undefined => {
  const { longestRunwayFt, longestRunwayM } = facts;
  if (longestRunwayFt === undefined || longestRunwayM === undefined) return undefined;
  const feet = formatNumber(longestRunwayFt, locale);
  const metres = formatNumber(longestRunwayM, locale);
  return phrase(locale, {
    en: `The longest runway of ${called(facts)} has ${feet} ft (${metres} m).`,
    pl: `Najdłuższy pas startowy ${called(facts)} ma ${metres} m (${feet} ft).`,
  });
};

const zone = (facts: AirportFacts, locale: string): string | undefined => {
  if (facts.timezone === undefined || facts.localTime === undefined) return undefined;
  const time = formatTime(new Date(facts.localTime), locale, facts.timezone);
  return phrase(locale, {
    en: `${called(facts)} is in the time zone ${facts.timezone}; it is ${time} there.`,
    pl: `${called(facts)} leży w strefie czasowej ${facts.timezone}; jest tam godzina ${time}.`,
  });
};

const codes = (facts: AirportFacts, locale: string): string =>
  phrase(locale, {
    en: `${facts.name} has the IATA code ${facts.iata} and the ICAO code ${facts.icao}.`,
    pl: `${facts.name} ma kod IATA ${facts.iata} i kod ICAO ${facts.icao}.`,
  });

const where = (facts: AirportFacts, locale: string): string => {
  const country = countryName(facts.country, locale);
  const city = facts.city ? `${facts.city}, ${country}` : country;
  return phrase(locale, {
    en: `${called(facts)} serves ${city}.`,
    pl: `${called(facts)} obsługuje: ${city}.`,
  });
};

const unknown = (facts: AirportFacts, locale: string): string =>
  phrase(locale, {
    en: `That is not known for ${called(facts)}.`,
    pl: `Brak tych danych dla: ${called(facts)}.`,
  });

const sayAirport = (facts: AirportFacts, locale: string): string => {
  switch (facts.aspect) {
    case "elevation":
      return elevation(facts, locale) ?? unknown(facts, locale);
    case "runway":
      return runway(facts, locale) ?? unknown(facts, locale);
    case "timezone":
      return zone(facts, locale) ?? unknown(facts, locale);
    case "codes":
      return codes(facts, locale);
    default: {
      const all = [where(facts, locale), elevation(facts, locale), runway(facts, locale), zone(facts, locale)];
      return all.filter(Boolean).join(" ");
    }
  }
};

const sayAirline = ({ name, iata, icao, country }: AirlineFacts, locale: string): string =>
  phrase(locale, {
    en: `${name} (${country}) has the codes ${iata} (IATA) and ${icao} (ICAO).`,
    pl: `${name} (${country}) ma kody ${iata} (IATA) i ${icao} (ICAO).`,
  });

const sayMetar = (facts: MetarFacts, locale: string): string => {
  const say = (value: number | undefined, en: (shown: string) => string, pl: (shown: string) => string, digits = 0) => {
    if (value === undefined) return [];
    const shown = formatNumber(value, locale, digits);
    return [phrase(locale, { en: en(shown), pl: pl(shown) })];
  };
  const { windFromDegrees: from, windKnots, windKmh } = facts;
  const direction = from === undefined ? "" : phrase(locale, { en: ` from ${from}°`, pl: ` z kierunku ${from}°` });
  const knots = formatNumber(windKnots ?? 0, locale);
  const least = facts.visibilityAtLeast ? phrase(locale, { en: "at least ", pl: "co najmniej " }) : "";
  const parts = [
    ...say(
      facts.temperatureC,
      (t) => `${t} °C`,
      (t) => `${t} °C`,
    ),
    ...say(
      facts.dewPointC,
      (t) => `dew point ${t} °C`,
      (t) => `punkt rosy ${t} °C`,
    ),
    ...(windKnots === 0
      ? [phrase(locale, { en: "no wind", pl: "bezwietrznie" })]
      : say(
          windKmh,
          (k) => `wind${direction} ${k} km/h (${knots} kt)`,
          (k) => `wiatr${direction} ${k} km/h (${knots} kt)`,
        )),
    ...say(
      facts.gustKnots,
      (g) => `gusts ${g} kt`,
      (g) => `porywy ${g} kt`,
    ),
    ...say(
      facts.visibilityKm,
      (v) => `visibility ${least}${v} km`,
      (v) => `widzialność ${least}${v} km`,
      1,
    ),
    ...say(
      facts.pressureHpa,
      (p) => `pressure ${p} hPa`,
      (p) => `ciśnienie ${p} hPa`,
    ),
  ];
  return `${called(facts)}: ${parts.join(", ")}. METAR: ${facts.raw}.`;
};

const sayItem = (item: FoundEvidence, locale: string, timezone: string): string => {
  const parsed = AirportData.safeParse(item.data);
  if (!parsed.success) return item.text;
  const data = parsed.data;
  const aged = (zone = timezone) => sourceLine([item], locale, zone);
  const source = phrase(locale, { en: `Source: ${item.sourceName}.`, pl: `Źródło: ${item.sourceName}.` });
  switch (data.kind) {
    case "airport":
      return `${sayAirport(data, locale)} ${source}`;
    case "airline":
      return `${sayAirline(data, locale)} ${source}`;
    case "metar":
      return `${sayMetar(data, locale)} ${aged(data.timezone)}`;
    case "delays":
      return `${sayDelays(data, locale)} ${aged(data.timezone)}`;
    case "flight":
      return `${sayFlight(data, locale, timezone)} ${aged()}`;
  }
};

/** Airport facts, reports, delays and flights in words; what ages ends with its source and time. */
export const renderAirports = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string =>
  evidence.map((item) => sayItem(item, locale, timezone)).join("\n");
