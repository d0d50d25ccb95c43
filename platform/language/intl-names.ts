/** A language tag as BCP 47 writes it (`PL-pl` gives `pl-PL`); undefined when it is none. */
export const canonicalLocale = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
};

/**
 * An IANA time zone as it is usually written (`europe/WARSAW` gives `Europe/Warsaw`), which bounds what is kept per zone;
 * undefined when there is no such zone.
 */
export const canonicalTimezone = (name: string): string | undefined => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};
