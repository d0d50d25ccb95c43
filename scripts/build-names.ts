/**
 * Makes the table of words that the privacy gate tells names of people by: `node scripts/build-names.ts`. Given names and
 * surnames come from @faker-js/faker and @cspell/dict-people-names, ordinary English words from dictionary-en, the most
 * frequent words of other languages from stopword, places from the table of places that ships.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { allLocales } from "@faker-js/faker";
import { deu, eng, fra, heb, ita, nld, pol, por, rus, spa, ukr } from "stopword";
import { foldWord } from "../platform/egress/recognisers/names/fold-word.ts";
import { wordFlags } from "../platform/egress/recognisers/names/word-table.ts";

const root = join(import.meta.dirname, "..");
const modules = join(root, "node_modules");
/** Scripts that write names with a capital, and Hebrew. */
const letters = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}]{2,}$/u;
const table = new Map<string, number>();

const add = (word: string, flag: number): void => {
  const key = foldWord(word);
  if (letters.test(key)) table.set(key, (table.get(key) ?? 0) | flag);
};

const stringsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (typeof value !== "object" || value === null) return [];
  return "weight" in value && "value" in value ? stringsIn(value.value) : Object.values(value).flatMap(stringsIn);
};
const wordsOf = (name: string): string[] => name.split(/[\s-]+/);

for (const { person } of Object.values(allLocales)) {
  if (!person) continue;
  for (const name of stringsIn(person.first_name)) for (const word of wordsOf(name)) add(word, wordFlags.given);
  for (const name of stringsIn(person.last_name)) for (const word of wordsOf(name)) add(word, wordFlags.surname);
}
for (const locale of ["en", "en_US", "en_GB", "pl", "uk", "he"] as const) {
  for (const name of stringsIn(allLocales[locale].person?.first_name)) {
    for (const word of wordsOf(name)) add(word, wordFlags.given | wordFlags.familiar);
  }
}
const english = readFileSync(join(modules, "dictionary-en/index.dic"), "utf8")
  .split("\n")
  .slice(1)
  .map((line) => line.split("/")[0] ?? "");
const people = readFileSync(join(modules, "@cspell/dict-people-names/dict/people-names.txt"), "utf8").split("\n");
for (const name of people) if (/^\p{Lu}/u.test(name)) add(name, wordFlags.surname);

// A dictionary's capitalised words are months, peoples and brands, but names of people too: those are told by the lists.
for (const word of english) if (/^[a-z]/.test(word) || !table.has(foldWord(word))) add(word, wordFlags.common);

/** Words that are names somewhere else in the world, but here the language's own. */
const onlyCommon = (word: string, ownNames: readonly string[]): void => {
  const key = foldWord(word);
  if (letters.test(key) && !ownNames.some((name) => foldWord(name) === key)) table.set(key, wordFlags.common);
};
const given = (locale: "en" | "pl" | "uk" | "he") => stringsIn(allLocales[locale].person?.first_name);
for (const [words, locale] of [
  [eng, "en"],
  [pol, "pl"],
  [ukr, "uk"],
  [heb, "he"],
] as const) {
  const ownNames = given(locale);
  for (const word of words) for (const part of word.split(/[\s']+/)) onlyCommon(part, ownNames);
}
for (const words of [rus, deu, fra, spa, ita, por, nld]) {
  for (const word of words) for (const part of word.split(/[\s']+/)) add(part, wordFlags.common);
}
const parts = ["month", "weekday"] as const;
for (const locale of ["en", "pl", "uk", "he"]) {
  for (const part of parts) {
    for (let at = 0; at < 12; at += 1) {
      const date = new Date(Date.UTC(2024, at, 1 + at));
      onlyCommon(new Intl.DateTimeFormat(locale, { [part]: "long", timeZone: "UTC" }).format(date), []);
    }
  }
}
const languages = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
for (const word of english) {
  // Peoples and languages.
  if (/^[A-Z][a-z]+(?:ish|ese|ian|ean|can)$/.test(word) && !given("en").includes(word)) onlyCommon(word, []);
}
for (let first = 97; first <= 122; first += 1) {
  for (let second = 97; second <= 122; second += 1) {
    const name = languages.of(String.fromCharCode(first, second));
    if (name) for (const word of name.split(" ")) onlyCommon(word, []);
  }
}

/** Inhabitants from which on a place whose name people bear counts as a place. */
const wellKnown = 100_000;
const places = gunzipSync(readFileSync(join(root, "rag-services/places/places.tsv.gz"))).toString("utf8");
for (const row of places.trimEnd().split("\n")) {
  const columns = row.split("\t");
  for (const name of (columns.at(-2) ?? "").split("|")) {
    const words = name.split(" ");
    // Most surnames are a small town's name as well.
    if (words.length === 1) {
      const isPeoplesName = ((table.get(foldWord(name)) ?? 0) & (wordFlags.given | wordFlags.surname)) !== 0;
      if (!isPeoplesName || Number(columns[6]) >= wellKnown) add(name, wordFlags.place);
    } else if (words.every((word) => letters.test(word))) table.set(name, (table.get(name) ?? 0) | wordFlags.place);
  }
}
for (const name of [
  "England",
  "Scotland",
  "Wales",
  "America",
  "Europe",
  "Asia",
  "Africa",
  "Anglia",
  "Szkocja",
  "Європа",
]) {
  table.set(foldWord(name), wordFlags.place);
}
const regions = new Intl.DisplayNames("en", { type: "region" });
for (let first = 65; first <= 90; first += 1) {
  for (let second = 65; second <= 90; second += 1) {
    const code = String.fromCharCode(first, second);
    for (const locale of ["en", "pl", "uk", "he"]) {
      const name = new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
      if (name !== code && regions.of(code) !== code) {
        const key = name
          .split(/[\s-]+/)
          .map(foldWord)
          .join(" ");
        table.set(key, (table.get(key) ?? 0) | wordFlags.place);
      }
    }
  }
}

const byFlags = new Map<number, string[]>();
for (const [word, flags] of [...table].sort(([one], [other]) => (one < other ? -1 : 1))) {
  byFlags.set(flags, [...(byFlags.get(flags) ?? []), word]);
}
const lines = [...byFlags]
  .sort(([one], [other]) => one - other)
  .map(([flags, words]) => `${flags}\t${words.join("|")}`);
const packed = gzipSync(`${lines.join("\n")}\n`, { level: 9 });
packed[9] = 255; // the operating system in gzip's head: the same bytes on every machine
writeFileSync(join(root, "platform/egress/recognisers/names/words.tsv.gz"), packed);
console.log(`${table.size} words, ${Math.round(packed.length / 1024)} KiB`);
