import { AppError } from "../../platform/errors/app-error.ts";
import type { Degraded } from "../../platform/evidence/evidence.ts";
import { firstThatAnswers, slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceAnswer, ServiceContext } from "../rag-service.ts";
import { isoDay, joinList, phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { createAerodatabox } from "./aerodatabox.ts";
import type { AirportData, FlightEnd } from "./airport-data.ts";
import type { Airport, FoundAirport } from "./airport-table.ts";
import { createAviationWeather } from "./aviation-weather.ts";
import { createAviationstack } from "./aviationstack.ts";
import { createFaaNas } from "./faa-nas.ts";
import { toAirlineFacts, toAirportFacts } from "./facts.ts";
import { renderAirports } from "./render.ts";
import { AirportSlots } from "./slots.ts";

const tableSource = "OpenFlights, OurAirports";
const flightNumber = /^([A-Z0-9]{2}|[A-Z]{3})\s?(\d{1,4}[A-Z]?)$/;

/** Text in English for a model, rendering of the same for the rest. */
const toEvidence = (
  data: AirportData,
  title: string,
  source: { readonly name: string; readonly url?: string },
  observedAt: string,
  timezone: string,
): FoundEvidence => {
  const evidence: FoundEvidence = {
    service: "airports",
    title,
    text: "",
    data: { ...data },
    sourceName: source.name,
    ...(source.url === undefined ? {} : { sourceUrl: source.url }),
    observedAt,
    score: 1,
  };
  return { ...evidence, text: renderAirports([evidence], "en", timezone) };
};

/**
 * Airports, airlines and flights. Facts (elevation, codes, runway, time zone) come from the shipped table and never leave the
 * process; weather reports from aviationweather.gov, delays from the FAA (United States), flight status from AviationStack
 * or AeroDataBox where a key is set.
 */
export const createAirports = ({
  settings,
  outbound,
  airports,
}: Pick<ServiceDeps, "settings" | "outbound" | "airports">): RagService<AirportSlots> => {
  const deps = { settings, outbound };
  const weather = createAviationWeather(deps);
  const faa = createFaaNas(deps);
  const flights = [
    ...(settings.AVIATIONSTACK_API_KEY ? [createAviationstack(deps, settings.AVIATIONSTACK_API_KEY)] : []),
    ...(settings.AERODATABOX_API_KEY ? [createAerodatabox(deps, settings.AERODATABOX_API_KEY)] : []),
  ];

  const airportOf = ({ airport, place }: AirportSlots, locale: string): FoundAirport => {
    const asked = airport ?? place;
    if (asked === undefined) {
      throw slotError("airport", locale, { en: "Which airport do you mean?", pl: "O które lotnisko chodzi?" });
    }
    const found = airports.resolve(asked, locale);
    if (found !== undefined) return found;
    throw new AppError(
      "NOT_FOUND",
      phrase(locale, {
        en: `I know no airport called "${asked}". Its code would help (for example GDN).`,
        pl: `Nie znam lotniska „${asked}”. Pomógłby jego kod (na przykład GDN).`,
      }),
      { field: "airport" },
    );
  };

  /** Says which airport was taken when a city has several of note. */
  const choiceOf = ({ airport, alternatives }: FoundAirport, slots: AirportSlots, locale: string): Degraded[] => {
    const sameCity = alternatives.filter(({ city }) => city === airport.city);
    const asked = slots.airport ?? slots.place ?? "";
    if (sameCity.length === 0 || airports.byCode(asked) !== undefined) return [];
    const others = joinList(
      sameCity.map(({ name, iata }) => `${name} (${iata})`),
      locale,
    );
    const reason = phrase(locale, {
      en: `I took ${airport.name} (${airport.iata}); there is also ${others}.`,
      pl: `Wybieram ${airport.name} (${airport.iata}); jest też: ${others}.`,
    });
    return [{ part: "airports", reason }];
  };

  const metar = async (airport: Airport, context: ServiceContext): Promise<ServiceAnswer> => {
    const { value, degraded } = await firstThatAnswers([weather], (source) => source.metar(airport, context), context);
    const at = value.observedAt ?? context.now.toISOString();
    const source = { name: weather.name, url: `https://aviationweather.gov/data/metar/?ids=${airport.icao}` };
    return {
      evidence: [toEvidence(value.facts, `METAR ${airport.icao}`, source, at, context.timezone)],
      degraded,
    };
  };

  const delays = async (airport: Airport, context: ServiceContext): Promise<ServiceAnswer> => {
    const { icao, iata, name, timezone } = airport;
    if (airport.country !== "US") {
      throw new AppError(
        "NOT_FOUND",
        phrase(context.locale, {
          en: `Delays are known for airports in the United States only, not for ${name}.`,
          pl: `Opóźnienia są znane tylko dla lotnisk w Stanach Zjednoczonych, nie dla: ${name}.`,
        }),
      );
    }
    const { value, degraded } = await firstThatAnswers([faa], (source) => source.delays(iata, context), context);
    const at = value.observedAt ?? context.now.toISOString();
    const data = { kind: "delays", icao, iata, name, ...(timezone ? { timezone } : {}), delays: value.delays } as const;
    const source = { name: faa.name, url: "https://nasstatus.faa.gov" };
    return { evidence: [toEvidence(data, `Delays at ${iata}`, source, at, context.timezone)], degraded };
  };

  /** Adds what the table knows of an end's airport: its city in full and its zone. */
  const completed = (end: FlightEnd): FlightEnd => {
    const row = end.iata === undefined ? undefined : airports.byCode(end.iata);
    const city = end.city ?? row?.city;
    const timezone = end.timezone ?? row?.timezone;
    return { ...end, ...(city ? { city } : {}), ...(timezone ? { timezone } : {}) };
  };

  const flight = async (slots: AirportSlots, context: ServiceContext): Promise<ServiceAnswer> => {
    const { locale, now, timezone } = context;
    if (slots.flight === undefined) {
      throw slotError("flight", locale, {
        en: "Which flight do you mean? I need its number, for example LO281.",
        pl: "O który lot chodzi? Potrzebny jest jego numer, na przykład LO281.",
      });
    }
    const number = flightNumber.exec(slots.flight.toUpperCase());
    if (number === null) {
      throw slotError("flight", locale, {
        en: `"${slots.flight}" is not a flight number; one looks like LO281.`,
        pl: `„${slots.flight}” nie jest numerem lotu; przykładowy numer to LO281.`,
      });
    }
    if (flights.length === 0) {
      throw new AppError(
        "NOT_CONFIGURED",
        phrase(locale, {
          en: "Flight status needs a key: set AVIATIONSTACK_API_KEY or AERODATABOX_API_KEY.",
          pl: "Status lotów wymaga klucza: ustaw AVIATIONSTACK_API_KEY lub AERODATABOX_API_KEY.",
        }),
      );
    }
    // A three-letter airline is an ICAO code; sources are asked by the IATA one.
    const [, carrier = "", digits = ""] = number;
    const code = carrier.length === 3 ? (airports.airlineByCode(carrier)?.iata || carrier) + digits : carrier + digits;
    const query = { flight: code, date: slots.date };
    const { value, provider, degraded } = await firstThatAnswers(
      flights,
      (source) => source.status(query, context),
      context,
    );
    const departure = completed(value.departure);
    const arrival = completed(value.arrival);
    const landsAt = arrival.actualAt ?? arrival.expectedAt ?? arrival.scheduledAt;
    const data: AirportData = {
      ...value,
      departure,
      arrival,
      ...(arrival.city ? { arrivalCity: arrival.city } : {}),
      ...(landsAt ? { arrivalDate: isoDay(new Date(landsAt), arrival.timezone ?? timezone) } : {}),
      ...(departure.city ? { departureCity: departure.city } : {}),
    };
    return {
      evidence: [toEvidence(data, `Flight ${value.flight}`, { name: provider.name }, now.toISOString(), timezone)],
      degraded,
    };
  };

  const airline = (name: string, context: ServiceContext): ServiceAnswer => {
    const found = airports.resolveAirline(name);
    if (found === undefined) {
      throw new AppError(
        "NOT_FOUND",
        phrase(context.locale, {
          en: `I know no active airline called "${name}".`,
          pl: `Nie znam działającej linii lotniczej „${name}”.`,
        }),
        { field: "airline" },
      );
    }
    const at = context.now.toISOString();
    const source = { name: "OpenFlights", url: "https://openflights.org/data" };
    return { evidence: [toEvidence(toAirlineFacts(found), found.name, source, at, context.timezone)], degraded: [] };
  };

  return {
    id: "airports",
    intents: ["airports"],
    slots: AirportSlots,
    providers: [tableSource, weather.name, faa.name, ...flights.map(({ name }) => name)],
    async query(slots, context) {
      context.signal.throwIfAborted();
      const { locale, now, timezone } = context;
      const aspect = slots.aspect ?? (slots.flight === undefined ? "facts" : "flight");
      if (aspect === "flight") return flight(slots, context);
      if (slots.airport === undefined && slots.place === undefined && slots.airline !== undefined) {
        return airline(slots.airline, context);
      }
      const found = airportOf(slots, locale);
      const chosen = choiceOf(found, slots, locale);
      const { airport } = found;
      if (aspect === "metar" || aspect === "delays") {
        const answer = await (aspect === "metar" ? metar : delays)(airport, context);
        return { evidence: answer.evidence, degraded: [...answer.degraded, ...chosen] };
      }
      const data = toAirportFacts(airport, aspect, now);
      const source = { name: tableSource, url: "https://openflights.org/data" };
      return { evidence: [toEvidence(data, airport.name, source, now.toISOString(), timezone)], degraded: chosen };
    },
    render: renderAirports,
  };
};
