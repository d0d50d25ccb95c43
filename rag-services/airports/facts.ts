import type { AirlineFacts, AirportFacts } from "./airport-data.ts";
import type { Airline, Airport } from "./airport-table.ts";
import type { AirportAspect } from "./slots.ts";

/** Feet as metres, to the metre. */
export const metresOf = (feet: number): number => Math.round(feet * 0.3048);

/** An airport's row as facts in both systems of units, with the time on its clocks. */
export const toAirportFacts = (airport: Airport, aspect: AirportAspect, now: Date): AirportFacts => {
  const { elevationFt, longestRunwayFt, timezone, ...known } = airport;
  return {
    kind: "airport",
    aspect,
    ...known,
    ...(elevationFt === undefined ? {} : { elevationFt, elevationM: metresOf(elevationFt) }),
    ...(timezone === undefined ? {} : { timezone, localTime: now.toISOString() }),
    ...(longestRunwayFt === undefined ? {} : { longestRunwayFt, longestRunwayM: metresOf(longestRunwayFt) }),
  };
};

export const toAirlineFacts = (airline: Airline): AirlineFacts => ({ kind: "airline", ...airline });
