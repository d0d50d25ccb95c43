// Zones of the countries whose languages we speak and their neighbours; elsewhere the locale's region is all we have.
const byZone: Readonly<Record<string, string>> = {
  "Europe/Warsaw": "PL",
  "Europe/London": "GB",
  "Europe/Dublin": "IE",
  "Europe/Berlin": "DE",
  "Europe/Paris": "FR",
  "Europe/Madrid": "ES",
  "Europe/Rome": "IT",
  "Europe/Amsterdam": "NL",
  "Europe/Brussels": "BE",
  "Europe/Vienna": "AT",
  "Europe/Zurich": "CH",
  "Europe/Prague": "CZ",
  "Europe/Bratislava": "SK",
  "Europe/Stockholm": "SE",
  "Europe/Oslo": "NO",
  "Europe/Copenhagen": "DK",
  "Europe/Helsinki": "FI",
  "Europe/Vilnius": "LT",
  "Europe/Kyiv": "UA",
  "Europe/Kiev": "UA",
  "Asia/Jerusalem": "IL",
  "Asia/Tel_Aviv": "IL",
  "America/Toronto": "CA",
  "America/Vancouver": "CA",
  "Australia/Sydney": "AU",
  "Australia/Melbourne": "AU",
  "Pacific/Auckland": "NZ",
};

/**
 * The country whose channels and services a user means (ISO 3166-1 alpha-2): the one asked for, else that of the zone, of
 * the locale's own region, of the language.
 */
export const countryOf = (asked: string | undefined, locale: string, timezone: string): string => {
  if (asked !== undefined) return asked;
  const zoned = byZone[timezone] ?? (timezone.startsWith("America/") ? "US" : undefined);
  if (zoned !== undefined) return zoned;
  try {
    return new Intl.Locale(locale).maximize().region ?? "US";
  } catch {
    return "US"; // not a BCP 47 tag
  }
};
