import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import type { ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import type { MetarFacts } from "./airport-data.ts";
import type { Airport } from "./airport-table.ts";

const name = "aviationweather.gov";
const measured = z.number().nullish();
const Reply = z.array(
  z.object({
    icaoId: z.string(),
    rawOb: z.string(),
    /** Seconds since 1970. */
    obsTime: z.number().nullish(),
    reportTime: z.string().nullish(),
    temp: measured,
    dewp: measured,
    /** Degrees, or "VRB". */
    wdir: z.union([z.number(), z.string()]).nullish(),
    wspd: measured,
    wgst: measured,
    /** Statute miles; "6+" and "10+" mean at least. */
    visib: z.union([z.number(), z.string()]).nullish(),
    altim: measured,
  }),
);
type Metar = z.infer<typeof Reply>[number];

const observedAt = ({ obsTime, reportTime }: Metar): string | undefined => {
  if (obsTime) return new Date(obsTime * 1_000).toISOString();
  const reported = Date.parse(`${reportTime ?? ""}`.replace(/^(\S+) (\S+)$/, "$1T$2Z"));
  return Number.isNaN(reported) ? undefined : new Date(reported).toISOString();
};

const given = <Key extends string>(key: Key, value: number | null | undefined) =>
  value === null || value === undefined ? {} : ({ [key]: value } as Record<Key, number>);

const toFacts = (metar: Metar, airport: Airport): MetarFacts => {
  const miles = metar.visib === null || metar.visib === undefined ? Number.NaN : Number.parseFloat(String(metar.visib));
  return {
    kind: "metar",
    icao: airport.icao,
    iata: airport.iata,
    name: airport.name,
    ...(airport.timezone === undefined ? {} : { timezone: airport.timezone }),
    ...given("temperatureC", metar.temp),
    ...given("dewPointC", metar.dewp),
    ...given("windFromDegrees", typeof metar.wdir === "number" ? metar.wdir : undefined),
    ...given("windKnots", metar.wspd),
    ...given("windKmh", typeof metar.wspd === "number" ? Math.round(metar.wspd * 1.852) : undefined),
    ...given("gustKnots", metar.wgst),
    ...(Number.isNaN(miles)
      ? {}
      : { visibilityKm: Math.round(miles * 16.09344) / 10, visibilityAtLeast: String(metar.visib).endsWith("+") }),
    ...given("pressureHpa", metar.altim),
    raw: metar.rawOb,
  };
};

/** METAR reports of aviationweather.gov (no key): the newest report of an airport. */
export const createAviationWeather = ({ settings, outbound }: Pick<ServiceDeps, "settings" | "outbound">) => ({
  name,
  /** @throws {AppError} NOT_FOUND when the airport sends no reports; UPSTREAM_UNAVAILABLE. */
  async metar(
    airport: Airport,
    { permit, signal, locale }: ServiceContext,
  ): Promise<{ facts: MetarFacts; observedAt: string | undefined }> {
    const url = providerUrl(settings.AVIATIONWEATHER_URL, "api/data/metar", { ids: airport.icao, format: "json" });
    const reply = await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs });
    // An airport without reports is answered 204 with an empty body, or an empty list.
    const metar = reply.status === 204 ? undefined : parseReply(Reply, reply, name)[0];
    if (metar === undefined) {
      throw new AppError(
        "NOT_FOUND",
        phrase(locale, {
          en: `${airport.name} has no current weather report.`,
          pl: `Brak aktualnego raportu pogodowego dla: ${airport.name}.`,
        }),
      );
    }
    return { facts: toFacts(metar, airport), observedAt: observedAt(metar) };
  },
});
