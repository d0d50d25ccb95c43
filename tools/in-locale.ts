const languageOf = (locale: string): string => locale.toLowerCase().split("-")[0] ?? "";

/** Picks the sentence of a language; English where there is none. */
export const inLocale = <Value>(locale: string, values: { readonly en: Value; readonly pl: Value }): Value =>
  languageOf(locale) === "pl" ? values.pl : values.en;

/**
 * The locale whose formats go with `inLocale`'s sentence: the user's own region where its language is spoken here, else
 * English as the services write it (day before month, 24 hours).
 */
export const formatsFor = (locale: string): string => {
  const spoken = ["en", "pl"].includes(languageOf(locale)) && locale.toLowerCase() !== "en";
  try {
    return (spoken && Intl.getCanonicalLocales(locale)[0]) || "en-GB";
  } catch {
    return "en-GB"; // not a BCP 47 tag
  }
};
