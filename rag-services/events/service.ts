import { z } from "zod";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { wordsOf } from "../../platform/language/normalise-text.ts";
import { allThatAnswer } from "../all-that-answer.ts";
import { namedFeeds } from "../feed-source.ts";
import type { Gazetteer } from "../places/place.ts";
import { slotError } from "../provider.ts";
import type { FoundEvidence, RagService, ServiceContext } from "../rag-service.ts";
import { phrase } from "../render-text.ts";
import type { ServiceDeps } from "../service-list.ts";
import { dayBounds, dayOfSlot } from "../zoned-time.ts";
import type { EventsQuestion, EventsSource, LocalEvent } from "./event.ts";
import { createFeedEvents } from "./feed-events.ts";
import { eventSentence, renderEvents } from "./render.ts";
import { createTicketmaster } from "./ticketmaster.ts";

const words = z.string().trim().max(200);

export const EventSlots = z.object({
  place: words.optional().describe("A town"),
  date: words.optional().describe("First day, yyyy-mm-dd; default: the next two weeks"),
  dateTo: words.optional().describe("Last day, yyyy-mm-dd"),
  query: words.optional().describe("What it is to be about, e.g. 'jazz'"),
});
export type EventSlots = z.infer<typeof EventSlots>;

const mostEvents = 8;
const daysAhead = 14;
const longestDays = 92;
const freshSeconds = 1_800;

/** The window of days and the place that are asked for. @throws {AppError} INVALID_INPUT for days that cannot be read. */
const toQuestion = (
  { place, date, dateTo, query }: EventSlots,
  places: Gazetteer,
  context: ServiceContext,
): EventsQuestion => {
  const { locale, timezone, now } = context;
  const day = date ? dayOfSlot(date, timezone) : undefined;
  const last = dateTo ? dayOfSlot(dateTo, timezone) : day;
  if ((date && day === undefined) || (dateTo && last === undefined)) {
    throw slotError(date && day === undefined ? "date" : "dateTo", locale, {
      en: "Which days do you mean?",
      pl: "O które dni chodzi?",
    });
  }
  const known = place ? places.resolve(place, locale)?.place : undefined;
  const asked = day === undefined ? undefined : dayBounds(day, timezone, last !== undefined && last > day ? last : day);
  const from = asked?.from ?? now;
  const ahead = asked?.to ?? new Date(now.getTime() + daysAhead * 86_400_000);
  return {
    ...(query ? { query } : {}),
    ...(place ? { place: { words: place, ...(known === undefined ? {} : { known }) } } : {}),
    asked: asked !== undefined,
    from,
    to: new Date(Math.min(ahead.getTime(), from.getTime() + longestDays * 86_400_000)),
  };
};

/** By time, what has no date last; the same happening of two sources once. */
const inOrder = (events: readonly LocalEvent[]): LocalEvent[] => {
  const seen = new Set<string>();
  return [...events]
    .sort((left, right) => (left.starts ?? "9").localeCompare(right.starts ?? "9"))
    .filter(({ title, starts }) => {
      const key = `${wordsOf(title).join(" ")}|${starts?.slice(0, 10)}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
};

/**
 * What takes place: calendars and feeds by setting, and Ticketmaster with a key.
 *
 * All sources are asked at once, none instead of another: a town's own calendar and a seller of tickets know different events.
 */
export const createEvents = ({
  settings,
  outbound,
  places,
}: Pick<ServiceDeps, "settings" | "outbound" | "places">): RagService<EventSlots> => {
  const sources: readonly EventsSource[] = [
    ...namedFeeds(settings.EVENT_FEEDS, "event feed").map((feed) => createFeedEvents({ outbound, places }, feed)),
    ...(settings.TICKETMASTER_API_KEY
      ? [createTicketmaster({ settings, outbound }, settings.TICKETMASTER_API_KEY)]
      : []),
  ];

  const nothing = ({ place }: EventsQuestion, locale: string): AppError => {
    const where = place ? ` (${place.words})` : "";
    return new AppError(
      "NOT_FOUND",
      phrase(locale, {
        en: `I found no such events for that time${where}.`,
        pl: `Nie znalazłem takich wydarzeń w tym czasie${where}.`,
      }),
    );
  };

  const toEvidence = (event: LocalEvent, { locale, timezone, now }: ServiceContext): FoundEvidence => ({
    service: "events",
    title: event.title,
    text: [eventSentence(event, locale, timezone), event.summary].filter(Boolean).join(" "),
    data: { ...event },
    sourceName: event.source,
    ...(event.url === undefined ? {} : { sourceUrl: event.url }),
    observedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + freshSeconds * 1_000).toISOString(),
    score: event.starts === undefined ? 0.5 : 1,
  });

  return {
    id: "events",
    intents: ["events"],
    slots: EventSlots,
    providers: sources.map(({ name }) => name),
    async query(slots, context) {
      if (sources.length === 0) {
        throw new AppError(
          "NOT_CONFIGURED",
          phrase(context.locale, {
            en: "No source of events is set up: the operator can set EVENT_FEEDS or TICKETMASTER_API_KEY.",
            pl: "Nie skonfigurowano źródła wydarzeń: administrator może ustawić EVENT_FEEDS lub TICKETMASTER_API_KEY.",
          }),
        );
      }
      await checkSlots(context.permit, slots);
      const question = toQuestion(slots, places, context);
      const { values, degraded } = await allThatAnswer(sources, (source) => source.find(question, context), context);
      const events = inOrder(values.flat()).slice(0, mostEvents);
      if (events.length === 0) throw nothing(question, context.locale);
      return { evidence: events.map((event) => toEvidence(event, context)), degraded };
    },
    render: renderEvents,
  };
};
