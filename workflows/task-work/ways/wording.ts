/** One sentence in the languages that ways write; others get English. */
export interface Sentence {
  readonly en: string;
  readonly pl: string;
}

/** The sentence in the language of a locale, with `{names}` filled in. */
export const inLanguage = (locale: string, sentence: Sentence, values: Readonly<Record<string, string>> = {}): string =>
  (locale.toLowerCase().startsWith("pl") ? sentence.pl : sentence.en).replace(
    /\{(\w+)\}/g,
    (whole, name: string) => values[name] ?? whole,
  );
