import { z } from "zod";
import { AppError } from "../platform/errors/app-error.ts";
import { canonicalTimezone } from "../platform/language/intl-names.ts";
import { isoOnClock } from "../platform/language/iso-on-clock.ts";
import type { Gazetteer } from "../rag-services/places/place.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  place: z.string().trim().min(1).max(100).optional().describe("City or town, e.g. 'Tokyo'."),
  timezone: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe("IANA zone, e.g. 'Asia/Tokyo'; used when no place is given."),
});
const Output = z.object({
  /** Local date and time with offset, e.g. `2025-11-21T14:32:05+01:00`. */
  localTime: z.iso.datetime({ offset: true }),
  timezone: z.string(),
  /** Undefined: the user's own zone, or the zone that was asked for. */
  place: z.string().optional(),
  country: z.string().optional(),
  /** Other places of this name where the time differs now. */
  alternatives: z.array(z.string()),
});

export interface TimeNowDeps {
  readonly places: Pick<Gazetteer, "resolve">;
}

/** The zone as the caller wrote it: Intl's own name may be one that its people have given up (`Europe/Kiev`). */
const checkZone = (timezone: string, locale: string): string => {
  if (canonicalTimezone(timezone) !== undefined) return timezone;
  const sentences = { en: `'${timezone}' is not a time zone.`, pl: `„${timezone}” nie jest strefą czasową.` };
  throw new AppError("INVALID_INPUT", inLocale(locale, sentences), { field: "timezone" });
};

/**
 * The time and date now: of a place, of a zone, or of the user. Source: this machine's clock.
 * @throws {AppError} NOT_FOUND for an unknown place, INVALID_INPUT for an unknown zone.
 */
export const createTimeNow = ({ places }: TimeNowDeps) =>
  defineTool({
    name: "time_now",
    description: "The current date and time, here or in another place.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ place: wanted, timezone }, context) {
      const { locale, now } = context;
      if (wanted === undefined) {
        const zone = checkZone(timezone ?? context.timezone, locale);
        return { localTime: isoOnClock(now, zone), timezone: zone, alternatives: [] };
      }
      const found = places.resolve(wanted, locale);
      if (!found) {
        const sentences = { en: `I do not know a place called '${wanted}'.`, pl: `Nie znam miejsca „${wanted}”.` };
        throw new AppError("NOT_FOUND", inLocale(locale, sentences), { field: "place" });
      }
      const { place, alternatives } = found;
      const localTime = isoOnClock(now, place.timezone);
      const others = alternatives
        .filter((other) => isoOnClock(now, other.timezone) !== localTime)
        .slice(0, 3)
        .map((other) => [other.name, other.admin1, other.country].filter(Boolean).join(", "));
      return { localTime, timezone: place.timezone, place: place.name, country: place.country, alternatives: others };
    },
    render({ localTime, timezone, place, country, alternatives }, _input, locale) {
      const instant = new Date(localTime);
      const formats = formatsFor(locale);
      const where =
        place && `${place}${country ? `, ${new Intl.DisplayNames([formats], { type: "region" }).of(country)}` : ""}`;
      // Narrow no-break spaces, which Intl puts before AM and PM, are read aloud badly and break comparisons.
      const format = (options: Intl.DateTimeFormatOptions) =>
        new Intl.DateTimeFormat(formats, { timeZone: timezone, ...options }).format(instant).replace(/\u202f/gu, " ");
      const time = format({ timeStyle: "short" });
      const date = format({ dateStyle: "full" });
      const others = alternatives.join("; ");
      return inLocale(locale, {
        en: `It is ${time} on ${date}${where ? ` in ${where}` : ` (${timezone})`}.${others && ` There is also ${others}.`}`,
        pl: `${where ?? `Strefa ${timezone}`}: jest ${time}, ${date}.${others && ` Jest też ${others}.`}`,
      });
    },
  });
