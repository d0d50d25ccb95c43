import { z } from "zod";
import { AirportAspect } from "./slots.ts";

/** What an airport's evidence carries, in both systems of units. */
export const AirportFacts = z.object({
  kind: z.literal("airport"),
  aspect: AirportAspect,
  icao: z.string(),
  iata: z.string(),
  name: z.string(),
  city: z.string(),
  country: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  elevationFt: z.number().optional(),
  elevationM: z.number().optional(),
  timezone: z.string().optional(),
  localTime: z.iso.datetime().optional(),
  longestRunwayFt: z.number().optional(),
  longestRunwayM: z.number().optional(),
});
export type AirportFacts = z.infer<typeof AirportFacts>;

export const AirlineFacts = z.object({
  kind: z.literal("airline"),
  iata: z.string(),
  icao: z.string(),
  name: z.string(),
  country: z.string(),
});
export type AirlineFacts = z.infer<typeof AirlineFacts>;

/** Weather reported by an airport. Wind is undefined in direction when it varies. */
export const MetarFacts = z.object({
  kind: z.literal("metar"),
  icao: z.string(),
  iata: z.string(),
  name: z.string(),
  timezone: z.string().optional(),
  temperatureC: z.number().optional(),
  dewPointC: z.number().optional(),
  windFromDegrees: z.number().optional(),
  windKnots: z.number().optional(),
  windKmh: z.number().optional(),
  gustKnots: z.number().optional(),
  visibilityKm: z.number().optional(),
  visibilityAtLeast: z.boolean().optional(),
  pressureHpa: z.number().optional(),
  raw: z.string(),
});
export type MetarFacts = z.infer<typeof MetarFacts>;

export const AirportDelay = z.object({
  kind: z.enum(["ground_stop", "ground_delay", "arrival", "departure", "closure"]),
  reason: z.string(),
  /** As the FAA words them: "46 minutes", "1 hour and 5 minutes", "4:30 pm EDT". */
  average: z.string().optional(),
  least: z.string().optional(),
  most: z.string().optional(),
  until: z.string().optional(),
});
export type AirportDelay = z.infer<typeof AirportDelay>;

export const DelayFacts = z.object({
  kind: z.literal("delays"),
  icao: z.string(),
  iata: z.string(),
  name: z.string(),
  timezone: z.string().optional(),
  delays: z.array(AirportDelay),
});
export type DelayFacts = z.infer<typeof DelayFacts>;

/** One end of a flight; times in UTC. */
export const FlightEnd = z.object({
  airport: z.string(),
  iata: z.string().optional(),
  city: z.string().optional(),
  timezone: z.string().optional(),
  scheduledAt: z.iso.datetime().optional(),
  expectedAt: z.iso.datetime().optional(),
  actualAt: z.iso.datetime().optional(),
  delayMinutes: z.number().optional(),
  terminal: z.string().optional(),
  gate: z.string().optional(),
});
export type FlightEnd = z.infer<typeof FlightEnd>;

export const FlightFacts = z.object({
  kind: z.literal("flight"),
  flight: z.string(),
  airline: z.string().optional(),
  status: z.enum(["scheduled", "active", "landed", "cancelled", "diverted", "delayed", "unknown"]),
  departure: FlightEnd,
  arrival: FlightEnd,
  /** For what is asked next ("… and what will the weather be there"). */
  arrivalCity: z.string().optional(),
  arrivalDate: z.iso.date().optional(),
  departureCity: z.string().optional(),
});
export type FlightFacts = z.infer<typeof FlightFacts>;

export const AirportData = z.discriminatedUnion("kind", [
  AirportFacts,
  AirlineFacts,
  MetarFacts,
  DelayFacts,
  FlightFacts,
]);
export type AirportData = z.infer<typeof AirportData>;
