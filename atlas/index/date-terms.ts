import { type TextLanguage, textLanguages } from "./languages.ts";
import { splitWords } from "./split-words.ts";
import { stemWord } from "./stem-word.ts";

/** Terms of a day in UTC, the same in every language: they have colons, so that no word is one of them. */
export const dateTerms = (time: Date): readonly string[] =>
  Number.isFinite(time.getTime())
    ? [`y:${time.getUTCFullYear()}`, `m:${time.getUTCMonth() + 1}`, `d:${time.getUTCDate()}`]
    : [];

/** Month by the stem of its name, alone and after a day ("maj", "maja"); the other cases share those stems. */
const monthsByStem: Readonly<Record<TextLanguage, ReadonlyMap<string, number>>> = (() => {
  const namesOf = (language: TextLanguage): ReadonlyMap<string, number> => {
    const alone = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
    const afterDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: "UTC" });
    const stems = new Map<string, number>();
    for (let month = 1; month <= 12; month += 1) {
      const day = Date.UTC(2024, month - 1, 15);
      for (const word of splitWords(`${alone.format(day)} ${afterDay.format(day)}`)) {
        if (!/\p{N}/u.test(word)) stems.set(stemWord(word, language), month);
      }
    }
    return stems;
  };
  return { en: namesOf("en"), pl: namesOf("pl"), uk: namesOf("uk"), he: namesOf("he") };
})();

const yearPattern = /^(?:19|20)\d\d$/;
const dayPattern = /^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$/;
const beforeMonth = new Set("in of on since until till last next this early mid late w we od do у в з".split(" "));

/** Terms of the dates that a question names: years, months by name in any of the languages, and days beside those. */
export const askedDateTerms = (query: string): readonly string[] => {
  const words = splitWords(query);
  const terms = new Set<string>();
  words.forEach((word, index) => {
    if (yearPattern.test(word)) terms.add(`y:${word}`);
    const month = textLanguages
      .map((language) => monthsByStem[language].get(stemWord(word, language)))
      .find((found) => found !== undefined);
    if (month === undefined) return;
    const beside = [words[index - 1] ?? "", words[index + 1] ?? ""];
    // "may" and "march" are words too.
    const isDate = beside.some((other) => /^\d/.test(other)) || beforeMonth.has(beside[0] ?? "");
    if ((word === "may" || word === "march" || word === "mar") && !isDate) return;
    terms.add(`m:${month}`);
    for (const other of beside) if (dayPattern.test(other)) terms.add(`d:${Number.parseInt(other, 10)}`);
  });
  return [...terms];
};
