/** A language tag as BCP 47 writes it (`PL-pl` gives `pl-PL`); undefined when it is none. */
export const canonicalLocale = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
};

/**
 * The name under which Intl knows a time zone (`europe/WARSAW` gives `Europe/Warsaw`); undefined when there is no such zone.
 * For keys and checks, not for people: `Europe/Kyiv` gives its old name.
 */
export const canonicalTimezone = (name: string): string | undefined => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};
