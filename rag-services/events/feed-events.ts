import type { Outbound } from "../../platform/egress/outbound.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type FeedAddress, fetchFeed } from "../feed-source.ts";
import { htmlToText } from "../html-to-text.ts";
import { speaksOf } from "../match-words.ts";
import type { Gazetteer } from "../places/place.ts";
import type { ServiceContext } from "../rag-service.ts";
import { readFeed } from "../read-feed.ts";
import { webAddress } from "../web-address.ts";
import { instantOf } from "../zoned-time.ts";
import type { EventsQuestion, EventsSource, LocalEvent } from "./event.ts";
import { isCalendar, readCalendar } from "./read-calendar.ts";

const announcedForMs = 30 * 86_400_000;

/** A time as a calendar wrote it, as a moment or a day; undefined for what is neither. */
const settled = (text: string, zone: string): string | undefined => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const compact = text.replace(/^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?)?/, (_, year, month, day, hour, minute) =>
    hour === undefined ? `${year}-${month}-${day}` : `${year}-${month}-${day}T${hour}:${minute}:00`,
  );
  const moment = /(Z|[+-]\d{2}:?\d{2})$/.test(compact) ? new Date(compact) : instantOf(compact.slice(0, 19), zone);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};

/** Whether an event touches the window; a whole day counts in the user's zone. */
export const isWithin = ({ starts, ends }: LocalEvent, { from, to }: EventsQuestion, timezone: string): boolean => {
  if (starts === undefined) return false;
  const first = starts.length === 10 ? instantOf(starts, timezone) : new Date(starts);
  const last = ends === undefined ? first : ends.length === 10 ? instantOf(ends, timezone) : new Date(ends);
  return first < to && (last > from || first >= from);
};

/** One feed of events: an iCalendar, or an RSS or Atom feed whose items may say when they take place. */
export const createFeedEvents = (
  { outbound, places }: { readonly outbound: Outbound; readonly places: Gazetteer },
  feed: FeedAddress,
): EventsSource => {
  const unreadable = () => new AppError("UPSTREAM_UNAVAILABLE", `${feed.name} sent no calendar or feed.`);

  const ofCalendar = async (text: string, { from, to }: EventsQuestion, context: ServiceContext) => {
    const calendar = await readCalendar({ text, from: from.getTime(), to: to.getTime() }, context.signal);
    if (calendar === undefined) throw unreadable();
    const zone = calendar.timezone ?? context.timezone;
    return calendar.entries.flatMap(({ title, starts, ends, location, description, url }): LocalEvent[] => {
      const begin = settled(starts, zone);
      if (begin === undefined) return [];
      const end = settled(ends, zone);
      const address = webAddress(url);
      const summary = htmlToText(description ?? "", 300);
      return [
        {
          title: htmlToText(title, 200),
          starts: begin,
          ...(end === undefined || end === begin ? {} : { ends: end }),
          ...(location === undefined ? {} : { venue: htmlToText(location, 200) }),
          ...(summary === "" ? {} : { summary }),
          ...(address === undefined ? {} : { url: address }),
          source: calendar.title ?? feed.name,
        },
      ];
    });
  };

  const ofFeed = (text: string, { timezone }: ServiceContext): LocalEvent[] => {
    const parsed = readFeed(text);
    if (parsed === undefined) throw unreadable();
    return parsed.entries.map(({ title, url, summary, published, starts, location }) => {
      const begin = starts === undefined ? undefined : settled(starts, timezone);
      return {
        title,
        ...(begin !== undefined ? { starts: begin } : published ? { announced: published.toISOString() } : {}),
        ...(location === undefined ? {} : { venue: htmlToText(location, 200) }),
        ...(summary === "" ? {} : { summary }),
        ...(url === undefined ? {} : { url }),
        source: parsed.title || feed.name,
      };
    });
  };

  const isThere = (event: LocalEvent, place: EventsQuestion["place"], locale: string): boolean => {
    if (place === undefined) return true;
    const where = [event.venue, event.title, event.summary, event.source].filter(Boolean).join("\n");
    if (speaksOf(where, place.words)) return true;
    // "Warsaw" is asked for, "Warszawa" is written.
    return place.known !== undefined && places.find(where, locale).some(({ place: { id } }) => id === place.known?.id);
  };

  return {
    name: feed.name,
    async find(question, context) {
      const text = await fetchFeed(outbound, feed, context);
      const events = isCalendar(text) ? await ofCalendar(text, question, context) : ofFeed(text, context);
      const isTimely = (event: LocalEvent): boolean => {
        if (event.starts !== undefined) return isWithin(event, question, context.timezone);
        // An announcement without a date answers "what is on", but not "what is on on Saturday".
        const age = event.announced === undefined ? Number.NaN : context.now.getTime() - Date.parse(event.announced);
        return !question.asked && age < announcedForMs;
      };
      return events.filter((event) => {
        const words = [event.title, event.summary, event.venue].filter(Boolean).join(" ");
        if (!isTimely(event) || (question.query !== undefined && !speaksOf(words, question.query))) return false;
        return isThere(event, question.place, context.locale);
      });
    },
  };
};
