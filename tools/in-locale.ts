/** Picks the sentence of a language; English where there is none. */
export const inLocale = <Value>(locale: string, values: { readonly en: Value; readonly pl: Value }): Value =>
  locale.toLowerCase().split("-")[0] === "pl" ? values.pl : values.en;
