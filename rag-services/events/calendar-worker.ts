import { parentPort, workerData } from "node:worker_threads";
import ical, { type CalendarResponse, type DateWithTimeZone, type ParameterValue, type VEvent } from "node-ical";
import type { CalendarEntry, CalendarTask, ReadCalendar } from "./read-calendar.ts";

// Runs in a thread of its own: a rule that never matches, or a calendar that writes into prototypes, stays in here.

const mostEntries = 500;
const dayMs = 86_400_000;

const textOf = (value: ParameterValue | undefined): string | undefined => {
  const text: unknown = typeof value === "object" && value !== null ? (value as { val?: unknown }).val : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
};

const padded = (value: number, length = 2): string => String(value).padStart(length, "0");
/** What the calendar itself wrote, since days and floating times come as moments of the host's zone. */
const writtenDay = (date: Date): string =>
  `${padded(date.getFullYear(), 4)}-${padded(date.getMonth() + 1)}-${padded(date.getDate())}`;
const written = (date: DateWithTimeZone, isFullDay: boolean): string => {
  if (isFullDay) return writtenDay(date);
  if (date.tz) return date.toISOString();
  return `${writtenDay(date)}T${padded(date.getHours())}:${padded(date.getMinutes())}:${padded(date.getSeconds())}`;
};

const entriesOf = (event: VEvent, from: Date, to: Date): CalendarEntry[] => {
  if (event.status === "CANCELLED") return [];
  return ical.expandRecurringEvent(event, { from, to, expandOngoing: true }).flatMap((instance): CalendarEntry[] => {
    const { start, end, isFullDay } = instance;
    const own = instance.event;
    const title = textOf(instance.summary);
    if (title === undefined || own.status === "CANCELLED") return [];
    const location = textOf(own.location ?? event.location);
    const description = textOf(own.description ?? event.description);
    const url = own.url ?? event.url;
    return [
      {
        title,
        starts: written(start, isFullDay),
        ends: written(end, isFullDay),
        ...(location === undefined ? {} : { location }),
        ...(description === undefined ? {} : { description: description.slice(0, 4_000) }),
        ...(typeof url === "string" ? { url } : {}),
      },
    ];
  });
};

/** The calendar without the events that cannot be parsed: one of them would cost all others. */
const parse = (text: string): CalendarResponse => {
  try {
    return ical.sync.parseICS(text);
  } catch {
    const isSound = (event: string): boolean => {
      try {
        ical.sync.parseICS(`BEGIN:VCALENDAR\r\n${event}END:VCALENDAR\r\n`);
        return true;
      } catch {
        return false;
      }
    };
    return ical.sync.parseICS(
      text.replace(/^BEGIN:VEVENT[\s\S]*?^END:VEVENT\r?\n/gim, (event) => (isSound(event) ? event : "")),
    );
  }
};

const read = ({ text, from, to }: CalendarTask): ReadCalendar => {
  const calendar = parse(text);
  const { vcalendar } = calendar as { vcalendar?: Record<string, unknown> };
  const entries: CalendarEntry[] = [];
  for (const component of Object.values(calendar)) {
    if (component?.type !== "VEVENT") continue;
    try {
      // A day more to either side: whole days and floating times have no moment before the reader gives them a zone.
      entries.push(...entriesOf(component, new Date(from - dayMs), new Date(to + dayMs)));
    } catch {
      // A rule that cannot be followed costs its own event only.
    }
    if (entries.length > mostEntries) break;
  }
  const property = (name: string): string | undefined => {
    const value = vcalendar?.[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [title, timezone] = [property("WR-CALNAME"), property("WR-TIMEZONE")];
  return { entries, ...(title === undefined ? {} : { title }), ...(timezone === undefined ? {} : { timezone }) };
};

parentPort?.postMessage(read(workerData as CalendarTask));
