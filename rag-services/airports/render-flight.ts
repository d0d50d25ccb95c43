import { formatDateTime, formatNumber, phrase } from "../render-text.ts";
import type { FlightEnd, FlightFacts } from "./airport-data.ts";

const statuses: Readonly<Record<FlightFacts["status"], { readonly en: string; readonly pl: string }>> = {
  scheduled: { en: "is scheduled", pl: "jest zaplanowany" },
  active: { en: "is in the air", pl: "jest w powietrzu" },
  landed: { en: "has landed", pl: "wylądował" },
  cancelled: { en: "is cancelled", pl: "jest odwołany" },
  diverted: { en: "was diverted", pl: "został przekierowany" },
  delayed: { en: "is delayed", pl: "jest opóźniony" },
  unknown: { en: "has no known status", pl: "ma nieznany status" },
};

const sayEnd = (end: FlightEnd, isDeparture: boolean, locale: string, timezone: string): string => {
  const where = `${end.city ?? end.airport}${end.iata ? ` (${end.iata})` : ""}`;
  const at = end.actualAt ?? end.expectedAt ?? end.scheduledAt;
  const when = at && formatDateTime(new Date(at), locale, end.timezone ?? timezone);
  const how =
    end.actualAt !== undefined
      ? { en: "actual", pl: "faktycznie" }
      : end.expectedAt !== undefined && end.expectedAt !== end.scheduledAt
        ? { en: "expected", pl: "przewidywany" }
        : { en: "scheduled", pl: "planowo" };
  const late = end.delayMinutes
    ? phrase(locale, {
        en: `, ${formatNumber(end.delayMinutes, locale)} min late`,
        pl: `, opóźnienie ${formatNumber(end.delayMinutes, locale)} min`,
      })
    : "";
  const gate = [
    end.terminal && phrase(locale, { en: `terminal ${end.terminal}`, pl: `terminal ${end.terminal}` }),
    end.gate && phrase(locale, { en: `gate ${end.gate}`, pl: `bramka ${end.gate}` }),
  ]
    .filter(Boolean)
    .map((part) => `, ${part}`)
    .join("");
  const verb = isDeparture
    ? { en: "departure from", pl: "odlot z lotniska" }
    : { en: "arrival at", pl: "przylot na lotnisko" };
  return `${phrase(locale, verb)} ${where}${when ? ` ${when} (${phrase(locale, how)}${late}${gate})` : gate}`;
};

/** A flight in one sentence; times on the clocks of each airport. */
export const sayFlight = (facts: FlightFacts, locale: string, timezone: string): string => {
  const airline = facts.airline ? ` (${facts.airline})` : "";
  const status = phrase(locale, statuses[facts.status]);
  const flight = phrase(locale, { en: `Flight ${facts.flight}`, pl: `Lot ${facts.flight}` });
  const ends = [sayEnd(facts.departure, true, locale, timezone), sayEnd(facts.arrival, false, locale, timezone)];
  const local = phrase(locale, { en: "local times", pl: "czasy lokalne" });
  return `${flight}${airline} ${status}: ${ends.join("; ")}; ${local}.`;
};
