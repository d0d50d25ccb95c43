import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceDeps } from "../service-list.ts";
import { instantOf } from "../zoned-time.ts";
import type { FlightEnd, FlightFacts } from "./airport-data.ts";
import { type FlightSource, known } from "./flight-source.ts";

const name = "AviationStack";
const text = z.string().nullish();
const End = z.object({
  airport: text,
  timezone: text,
  iata: text,
  terminal: text,
  gate: text,
  delay: z.number().nullish(),
  scheduled: text,
  estimated: text,
  actual: text,
});
const Reply = z.object({
  data: z.array(
    z.object({
      flight_date: text,
      flight_status: text,
      departure: End,
      arrival: End,
      airline: z.object({ name: text }).nullish(),
      flight: z.object({ iata: text }).nullish(),
    }),
  ),
});

/** AviationStack writes the airport's own clock with a false `+00:00`. */
const instant = (value: string | null | undefined, timezone: string | null | undefined): string | undefined => {
  const local = value?.slice(0, 19);
  if (!local) return undefined;
  const moment = instantOf(local, timezone ?? "UTC");
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};

const toEnd = (end: z.infer<typeof End>): FlightEnd => ({
  airport: end.airport ?? end.iata ?? "",
  ...known({
    iata: end.iata,
    timezone: end.timezone,
    scheduledAt: instant(end.scheduled, end.timezone),
    expectedAt: instant(end.estimated, end.timezone),
    actualAt: instant(end.actual, end.timezone),
    delayMinutes: end.delay,
    terminal: end.terminal,
    gate: end.gate,
  }),
});

const statuses: Readonly<Record<string, FlightFacts["status"]>> = {
  scheduled: "scheduled",
  active: "active",
  landed: "landed",
  cancelled: "cancelled",
  diverted: "diverted",
};

/** Flight status from AviationStack. */
export const createAviationstack = (
  { settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">,
  key: string,
): FlightSource => ({
  name,
  async status({ flight, date }, { permit, signal }) {
    // `flight_date` is for its paid plans only; the days are told apart here.
    const url = providerUrl(settings.AVIATIONSTACK_URL, "v1/flights", {
      access_key: key,
      flight_iata: flight,
      limit: 10,
    });
    const { data } = parseReply(
      Reply,
      await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs }),
      name,
    );
    const found = date === undefined ? data[0] : data.find(({ flight_date }) => flight_date === date);
    if (found === undefined) throw new AppError("NOT_FOUND", `${name} knows no flight ${flight} on that day.`);
    return {
      kind: "flight",
      flight: found.flight?.iata ?? flight,
      ...known({ airline: found.airline?.name }),
      status: statuses[found.flight_status ?? ""] ?? "unknown",
      departure: toEnd(found.departure),
      arrival: toEnd(found.arrival),
    };
  },
});
