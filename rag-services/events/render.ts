import type { FoundEvidence } from "../rag-service.ts";
import { formatDate, formatDay, formatMoney, formatTime, isoDay, phrase, sourceLine } from "../render-text.ts";
import { addDays } from "../zoned-time.ts";
import type { LocalEvent } from "./event.ts";

const isDay = (time: string): boolean => time.length === 10;

const whenText = ({ starts, ends, announced }: LocalEvent, locale: string, timezone: string): string => {
  if (starts === undefined) {
    const day = announced === undefined ? "" : formatDate(new Date(announced), locale, timezone);
    return phrase(locale, {
      en: `announced ${day}, its date is not given`,
      pl: `ogłoszono: ${day}, data nie jest podana`,
    });
  }
  if (isDay(starts)) {
    // The last day of a calendar's whole-day event is the one before its end.
    const last = ends !== undefined && isDay(ends) ? addDays(ends, -1) : starts;
    if (last <= starts) return formatDay(starts, locale);
    return phrase(locale, {
      en: `${formatDay(starts, locale)} to ${formatDay(last, locale)}`,
      pl: `od ${formatDay(starts, locale)} do ${formatDay(last, locale)}`,
    });
  }
  const begin = new Date(starts);
  const [day, time] = [formatDate(begin, locale, timezone), formatTime(begin, locale, timezone)];
  const end = ends === undefined || isDay(ends) ? undefined : new Date(ends);
  if (end !== undefined && isoDay(end, timezone) === isoDay(begin, timezone)) {
    return `${day}, ${time}–${formatTime(end, locale, timezone)}`;
  }
  return phrase(locale, { en: `${day} at ${time}`, pl: `${day}, godz. ${time}` });
};

/** One event in words: "Jazz night, Tuesday 4 August 2026, 19:00–21:00, Piec Art, Kraków." */
export const eventSentence = (event: LocalEvent, locale: string, timezone: string): string => {
  const { price } = event;
  const ticket =
    price &&
    phrase(locale, {
      en: `tickets from ${formatMoney(price.from, price.currency, locale)}`,
      pl: `bilety od ${formatMoney(price.from, price.currency, locale)}`,
    });
  return `${[event.title, whenText(event, locale, timezone), event.venue, ticket].filter(Boolean).join(", ")}.`;
};

const isLocalEvent = (data: object): data is LocalEvent => "title" in data && "source" in data;

/** Events in sentences, one a line, times in the given zone, then the sources and their time. */
export const renderEvents = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const lines = evidence.flatMap(({ data }) => (isLocalEvent(data) ? [eventSentence(data, locale, timezone)] : []));
  return lines.length === 0 ? "" : [...lines, sourceLine(evidence, locale, timezone)].join("\n");
};
