import { z } from "zod";

export const AirportAspect = z.enum(["facts", "elevation", "codes", "runway", "timezone", "metar", "delays", "flight"]);
export type AirportAspect = z.infer<typeof AirportAspect>;

const words = z.string().trim().min(1).max(120);

export const AirportSlots = z.object({
  airport: words.optional().describe("An airport by code, name or city, as written"),
  place: words.optional().describe("A city, where no airport is named"),
  airline: words.optional().describe("An airline by code or name"),
  flight: words.optional().describe("A flight number, e.g. 'LO281'"),
  date: z.iso.date().optional().describe("Day of the flight; default: today"),
  aspect: AirportAspect.optional().describe("What is asked; default: the flight when one is named, else all facts"),
});
export type AirportSlots = z.infer<typeof AirportSlots>;
