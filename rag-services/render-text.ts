import { canonicalTimezone } from "../platform/language/intl-names.ts";
import type { FoundEvidence } from "./rag-service.ts";

/** Languages that services speak; any other locale is answered in English. */
export type Spoken = "en" | "pl";

/** `pl` for every Polish locale, else `en`. */
export const spoken = (locale: string): Spoken => (/^pl\b/i.test(locale) ? "pl" : "en");

/** The wording for a locale. */
export const phrase = (locale: string, texts: Readonly<Record<Spoken, string>>): string => texts[spoken(locale)];

// Intl objects cost tens of microseconds to make and are reused; keys are few (locale × options × zone), the bound is a guard.
const formatters = new Map<string, unknown>();
const reuse = <Formatter>(key: string, create: () => Formatter): Formatter => {
  const known = formatters.get(key) as Formatter | undefined;
  if (known !== undefined) return known;
  if (formatters.size > 500) formatters.clear();
  const made = create();
  formatters.set(key, made);
  return made;
};

/** The locale for formats: the region is kept where the language is spoken here (`en-US` keeps its 12-hour clock). */
const formatLocale = (locale: string): string => {
  const language = spoken(locale);
  if (!locale.toLowerCase().startsWith(language)) return "en-GB";
  if (locale.toLowerCase() === "en") return "en-GB"; // plain `en`: day before month, 24 hours
  return Intl.getCanonicalLocales(/^[\w-]{2,35}$/.test(locale) ? locale : language)[0] ?? language;
};

const intlLocale = (locale: string): string => {
  try {
    return formatLocale(locale);
  } catch {
    return "en-GB"; // not a BCP 47 tag
  }
};

/** A zone that Intl knows, else UTC. */
export const knownZone = (timezone: string): string =>
  reuse(`zone|${timezone}`, () => canonicalTimezone(timezone) ?? "UTC");

/** A number with at most `digits` decimals, grouped by locale ("2,340" / "2340"). */
export const formatNumber = (value: number, locale: string, digits = 0): string =>
  reuse(
    `n|${locale}|${digits}`,
    () => new Intl.NumberFormat(intlLocale(locale), { maximumFractionDigits: digits }),
  ).format(
    // −0.2 rounds to "-0", which nobody says.
    Math.round(value * 10 ** digits) === 0 ? 0 : value,
  );

/** An amount of money ("€1,234.50" / "1234,50 €"); an unknown currency is put behind the number. */
export const formatMoney = (value: number, currency: string, locale: string): string => {
  if (!/^[A-Z]{3}$/.test(currency)) return `${formatNumber(value, locale, 2)} ${currency}`.trim();
  return reuse(
    `m|${locale}|${currency}`,
    () => new Intl.NumberFormat(intlLocale(locale), { style: "currency", currency }),
  ).format(value);
};

const formatWith = (when: Date, locale: string, timezone: string, options: Intl.DateTimeFormatOptions, kind: string) =>
  reuse(
    `d|${kind}|${locale}|${timezone}`,
    () => new Intl.DateTimeFormat(intlLocale(locale), { ...options, timeZone: knownZone(timezone) }),
  ).format(when);

/** "Saturday, 1 August 2026" / "sobota, 1 sierpnia 2026". */
export const formatDate = (when: Date, locale: string, timezone: string): string =>
  formatWith(when, locale, timezone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }, "date");

/** "1 Aug" / "1 sie". */
export const formatShortDate = (when: Date, locale: string, timezone: string): string =>
  formatWith(when, locale, timezone, { day: "numeric", month: "short" }, "short");

/** "14:05" (or "2:05 PM" where that is usual). */
export const formatTime = (when: Date, locale: string, timezone: string): string =>
  formatWith(when, locale, timezone, { hour: "2-digit", minute: "2-digit" }, "time");

/** "1 August 2026 at 14:05" / "1 sierpnia 2026 14:05". */
export const formatDateTime = (when: Date, locale: string, timezone: string): string =>
  formatWith(
    when,
    locale,
    timezone,
    { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
    "datetime",
  );

/** A calendar day (`2026-08-01`), which has no zone, in words. */
export const formatDay = (isoDate: string, locale: string): string =>
  formatDate(new Date(`${isoDate}T12:00:00Z`), locale, "UTC");

/** The calendar day (`yyyy-mm-dd`) at a moment in a zone. */
export const isoDay = (when: Date, timezone: string): string =>
  reuse(
    `iso|${timezone}`,
    () =>
      new Intl.DateTimeFormat("en-CA", {
        timeZone: knownZone(timezone),
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
      }),
  ).format(when);

/** "Paris, London and Rome" / "Paryż, Londyn i Rzym". */
export const joinList = (items: readonly string[], locale: string): string =>
  reuse(`l|${locale}`, () => new Intl.ListFormat(intlLocale(locale), { type: "conjunction" })).format(items);

/** The form of a noun for a count, with the count: `{ one: "goal", other: "goals" }`, pl needs `one, few, many`. */
export const countOf = (
  count: number,
  locale: string,
  forms: Readonly<Record<Spoken, Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>>,
): string => {
  const rule = reuse(`p|${spoken(locale)}`, () => new Intl.PluralRules(spoken(locale))).select(count);
  const ofLanguage = forms[spoken(locale)];
  return `${formatNumber(count, locale, 2)} ${ofLanguage[rule] ?? ofLanguage.other}`;
};

/** A country's name in the locale's language; the code itself when unknown. */
export const countryName = (code: string, locale: string): string =>
  reuse(`c|${spoken(locale)}`, () => new Intl.DisplayNames([spoken(locale)], { type: "region" })).of(
    /^[A-Z]{2}$/.test(code) ? code : "ZZ",
  ) ?? code;

/** "Source: Open-Meteo, 1 August 2026 at 14:05." — the closing line of facts that age; sources are named once. */
export const sourceLine = (evidence: readonly FoundEvidence[], locale: string, timezone: string): string => {
  const names = [...new Set(evidence.map(({ sourceName }) => sourceName))];
  const newest = evidence.map(({ observedAt }) => Date.parse(observedAt)).reduce((a, b) => Math.max(a, b), 0);
  if (names.length === 0) return "";
  const when = formatDateTime(new Date(newest), locale, timezone);
  return phrase(locale, {
    en: `Source: ${joinList(names, locale)}, as of ${when}.`,
    pl: `Źródło: ${joinList(names, locale)}, stan na ${when}.`,
  });
};
