import { phrase } from "../render-text.ts";
import type { AirportDelay, DelayFacts } from "./airport-data.ts";

const kinds: Readonly<Record<AirportDelay["kind"], { readonly en: string; readonly pl: string }>> = {
  closure: { en: "closed", pl: "zamknięte" },
  ground_stop: { en: "ground stop", pl: "wstrzymane odloty do tego lotniska" },
  ground_delay: { en: "ground delay programme", pl: "opóźnione odloty do tego lotniska" },
  arrival: { en: "arrivals delayed", pl: "opóźnione przyloty" },
  departure: { en: "departures delayed", pl: "opóźnione odloty" },
};

const sayDelay = ({ kind, reason, average, least, most, until }: AirportDelay, locale: string): string => {
  const figures = [
    average && phrase(locale, { en: `${average} on average`, pl: `średnio ${average}` }),
    least && most
      ? phrase(locale, { en: `${least} to ${most}`, pl: `od ${least} do ${most}` })
      : most && phrase(locale, { en: `up to ${most}`, pl: `do ${most}` }),
    until && phrase(locale, { en: `until ${until}`, pl: `do ${until}` }),
  ].filter(Boolean);
  const amount = figures.length > 0 ? `: ${figures.join(", ")}` : "";
  return `${phrase(locale, kinds[kind])}${amount}${reason ? ` (${reason})` : ""}`;
};

/** What holds an airport up, in one sentence; the FAA's own words stay as they are. */
export const sayDelays = ({ name, iata, delays }: DelayFacts, locale: string): string => {
  const airport = `${name} (${iata})`;
  if (delays.length === 0) {
    return phrase(locale, {
      en: `The FAA reports no delays at ${airport}.`,
      pl: `FAA nie zgłasza opóźnień na lotnisku ${airport}.`,
    });
  }
  return `${airport}: ${delays.map((delay) => sayDelay(delay, locale)).join("; ")}.`;
};
