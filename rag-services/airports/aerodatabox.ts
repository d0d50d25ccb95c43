import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceDeps } from "../service-list.ts";
import type { FlightEnd, FlightFacts } from "./airport-data.ts";
import { type FlightSource, known } from "./flight-source.ts";

const name = "AeroDataBox";
const text = z.string().nullish();
/** `{ utc: "2023-08-01 17:00Z", local: "2023-08-01 19:00+02:00" }` */
const Time = z.object({ utc: text }).nullish();
const End = z.object({
  airport: z.object({ iata: text, name: text, municipalityName: text, timeZone: text }),
  scheduledTime: Time,
  revisedTime: Time,
  predictedTime: Time,
  runwayTime: Time,
  terminal: text,
  gate: text,
});
const Reply = z.array(
  z.object({
    number: text,
    status: text,
    airline: z.object({ name: text }).nullish(),
    departure: End,
    arrival: End,
  }),
);

const instant = (time: z.infer<typeof Time>): string | undefined => {
  const moment = Date.parse((time?.utc ?? "").replace(" ", "T"));
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString();
};

const toEnd = (end: z.infer<typeof End>): FlightEnd => {
  const scheduledAt = instant(end.scheduledTime);
  const expectedAt = instant(end.revisedTime) ?? instant(end.predictedTime);
  const late =
    scheduledAt && expectedAt ? Math.round((Date.parse(expectedAt) - Date.parse(scheduledAt)) / 60_000) : undefined;
  return {
    airport: end.airport.name ?? end.airport.iata ?? "",
    ...known({
      iata: end.airport.iata,
      city: end.airport.municipalityName,
      timezone: end.airport.timeZone,
      scheduledAt,
      expectedAt,
      actualAt: instant(end.runwayTime),
      delayMinutes: late !== undefined && late > 0 ? late : undefined,
      terminal: end.terminal,
      gate: end.gate,
    }),
  };
};

const statuses: Readonly<Record<string, FlightFacts["status"]>> = {
  Expected: "scheduled",
  CheckIn: "scheduled",
  Boarding: "scheduled",
  GateClosed: "scheduled",
  Departed: "active",
  EnRoute: "active",
  Approaching: "active",
  Arrived: "landed",
  Delayed: "delayed",
  Canceled: "cancelled",
  CanceledUncertain: "cancelled",
  Diverted: "diverted",
};

/** Flight status from AeroDataBox. */
export const createAerodatabox = (
  { settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">,
  key: string,
): FlightSource => ({
  name,
  async status({ flight, date }, { permit, signal }) {
    const path = `flights/number/${encodeURIComponent(flight)}${date === undefined ? "" : `/${date}`}`;
    const url = providerUrl(settings.AERODATABOX_URL, path);
    const headers = { "x-rapidapi-key": key, "x-rapidapi-host": url.hostname };
    const reply = await outbound({ provider: name, url, headers, permit, signal, timeoutMs: attemptTimeoutMs });
    // An unknown flight is answered 204 with an empty body.
    const found = reply.status === 204 ? undefined : parseReply(Reply, reply, name)[0];
    if (found === undefined) throw new AppError("NOT_FOUND", `${name} knows no flight ${flight} on that day.`);
    return {
      kind: "flight",
      flight: (found.number ?? flight).replaceAll(" ", ""),
      ...known({ airline: found.airline?.name }),
      status: statuses[found.status ?? ""] ?? "unknown",
      departure: toEnd(found.departure),
      arrival: toEnd(found.arrival),
    };
  },
});
