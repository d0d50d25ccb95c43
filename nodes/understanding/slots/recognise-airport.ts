import { foldText } from "../../../platform/language/normalise-text.ts";
import { placeRecogniser } from "./recognise-place.ts";
import { restOfPhrase, stems } from "./rest-of-phrase.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

// Two-character airline codes have a letter; the figures of a flight number follow with at most one space.
const flight = /(?<![\p{L}\p{N}])([A-Z]{2}|[A-Z]\d|\d[A-Z])[ -]?(\d{1,4}[A-Z]?)(?![\p{L}\p{N}])/u;
const flightAnyCase =
  /(?:flight|lot|lotu|rejs|рейс\p{L}*|טיסה)\s+([a-z]{2}|[a-z]\d|\d[a-z])[ -]?(\d{1,4})(?![\p{L}\p{N}])/iu;

/** A flight number such as `LO281`; upper case, no space. */
export const flightRecogniser: SlotRecogniser = {
  whole: (words) => flightIn(words.toUpperCase()),
  find: (text) => flightIn(text),
};

const flightIn = (text: string): string | undefined => {
  const found = flight.exec(text.slice(0, 300)) ?? flightAnyCase.exec(text.slice(0, 300));
  return found ? `${found[1]}${found[2]}`.toUpperCase() : undefined;
};

const code = /(?<![\p{L}\p{N}])([A-Z]{3,4})(?![\p{L}\p{N}])/gu;
// Abbreviations that stand beside airports and are no airport.
const notCodes = new Set([
  "IATA",
  "ICAO",
  "METAR",
  "TAF",
  "LOT",
  "USA",
  "FAA",
  "VFR",
  "IFR",
  "UTC",
  "GMT",
  "KLM",
  "SAS",
  "TAP",
  "CODE",
  "ETA",
  "ETD",
]);

const carriers = stems(
  `airport airfield aerodrome runway high height elevation altitude tall above sea level long length code iata icao metar taf flight
   plane delay closed open status ground stop gate terminal nearest closest depart arriv land feet metre meter name locat
   lotnisk port lotnicz wysok leży lezy pas startow dlugosc kod samolot lot opoznien zamkniet terminal najbliz ląduj laduj przylat odlot nad poziom morz
   аеропорт висот знаходит смуг довжин код літак рейс затрим найближч термінал над рівнем мор злітн
   שדה התעופה תעופה גובה מסלול אורך קוד טיסה מטוס עיכוב סגור הקרוב`,
);

const isAirportWord = /(?<!\p{L})(?:airport|lotnisk|аеропорт|תעופה|נתב)/u;

/** An airport as people name it: its code, its city, or its own name ("Heathrow"). */
export const airportRecogniser: SlotRecogniser = {
  whole: (words, context) =>
    codeIn(words) ?? (restOfPhrase(words, carriers) === undefined ? undefined : placeRecogniser.whole(words, context)),
  find(text, context) {
    const clipped = text.slice(0, 300);
    const withCode = codeIn(clipped);
    if (withCode !== undefined) return withCode;
    if (flightIn(clipped) !== undefined) return undefined;
    const ownName = /((?:\p{Lu}[\p{L}'’]+ ){0,2}\p{Lu}[\p{L}'’]+) [Aa]irport/u
      .exec(clipped)?.[1]
      ?.replace(/^(?:How|What|Is|The|Which|Where|Are) (?=\p{L})/u, "");
    const inWords =
      ownName !== undefined && context.gazetteer.resolve(ownName, context.locale) === undefined
        ? ownName
        : placeRecogniser.find(clipped, context);
    return inWords ?? (isAirportWord.test(foldText(clipped)) ? restOfPhrase(clipped, carriers) : undefined);
  },
};

const codeIn = (text: string): string | undefined => {
  // In a text all in capitals, every word looks like a code.
  if (text.length > 8 && text === text.toUpperCase()) return undefined;
  for (const match of text.matchAll(code)) if (!notCodes.has(match[1]!)) return match[1];
  return undefined;
};
