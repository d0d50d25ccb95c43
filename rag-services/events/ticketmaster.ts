import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";
import type { Outbound } from "../../platform/egress/outbound.ts";
import { attemptTimeoutMs, parseReply, providerUrl } from "../provider.ts";
import { spoken } from "../render-text.ts";
import { webAddress } from "../web-address.ts";
import type { EventsSource, LocalEvent } from "./event.ts";
import { geohash } from "./geohash.ts";

const name = "Ticketmaster";

const Event = z.object({
  name: z.string(),
  url: z.string().optional(),
  dates: z.object({
    start: z.object({
      localDate: z.string().optional(),
      dateTime: z.string().optional(),
      timeTBA: z.boolean().optional(),
      noSpecificTime: z.boolean().optional(),
    }),
    status: z.object({ code: z.string() }).optional(),
  }),
  priceRanges: z.array(z.object({ currency: z.string(), min: z.number(), max: z.number() })).optional(),
  classifications: z
    .array(
      z.object({
        segment: z.object({ name: z.string() }).optional(),
        genre: z.object({ name: z.string() }).optional(),
      }),
    )
    .optional(),
  _embedded: z
    .object({
      venues: z.array(z.object({ name: z.string().optional(), city: z.object({ name: z.string() }).optional() })),
    })
    .partial()
    .optional(),
});
// Without a hit `_embedded` is missing.
const Reply = z.object({ _embedded: z.object({ events: z.array(Event) }).optional(), page: z.object({}) });

const toEvent = (event: z.infer<typeof Event>): LocalEvent[] => {
  const { start, status } = event.dates;
  const moment = start.timeTBA || start.noSpecificTime ? undefined : start.dateTime;
  const at = new Date(moment ?? Number.NaN);
  const starts = Number.isNaN(at.getTime()) ? start.localDate : at.toISOString();
  if (starts === undefined || status?.code === "cancelled") return [];
  const venue = event._embedded?.venues?.[0];
  const kind = event.classifications?.[0];
  const [price] = event.priceRanges ?? [];
  const where = [venue?.name, venue?.city?.name].filter(Boolean).join(", ");
  const what = [kind?.segment?.name, kind?.genre?.name].filter((word) => word && word !== "Undefined").join(", ");
  const url = webAddress(event.url);
  return [
    {
      title: event.name,
      starts,
      ...(where === "" ? {} : { venue: where }),
      ...(what === "" ? {} : { summary: what }),
      ...(price === undefined ? {} : { price: { from: price.min, to: price.max, currency: price.currency } }),
      ...(url === undefined ? {} : { url }),
      source: name,
    },
  ];
};

/** Ticketmaster's Discovery: events with tickets around a place. Its key is part of the address. */
export const createTicketmaster = (
  { settings, outbound }: { settings: Settings; outbound: Outbound },
  key: string,
): EventsSource => ({
  name,
  async find({ query, place, from, to }, { permit, signal, locale }) {
    const known = place?.known;
    const second = (date: Date) => `${date.toISOString().slice(0, 19)}Z`; // it takes no milliseconds
    const url = providerUrl(settings.TICKETMASTER_URL, "discovery/v2/events.json", {
      apikey: key,
      keyword: query,
      // Cities are written in their own language there, so a known place goes as a point.
      ...(known === undefined
        ? { city: place?.words }
        : { geoPoint: geohash(known.latitude, known.longitude), radius: 30, unit: "km" }),
      startDateTime: second(from),
      endDateTime: second(to),
      locale: spoken(locale) === "pl" ? "pl,*" : "*",
      sort: "date,asc",
      size: 20,
    });
    const reply = await outbound({ provider: name, url, permit, signal, timeoutMs: attemptTimeoutMs });
    return (parseReply(Reply, reply, name)._embedded?.events ?? []).flatMap(toEvent);
  },
});
