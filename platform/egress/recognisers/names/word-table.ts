import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/**
 * What is known of a folded word; a word can be several of these. `familiar`: a given name in English,
 * Polish, Ukrainian or Hebrew;
 * `inflected`: what was looked up is not the base form (never in the table).
 */
export const wordFlags = { given: 1, surname: 2, common: 4, place: 8, familiar: 16, inflected: 32 } as const;

/** Flags of a folded word, or of a place's folded words joined by spaces; 0: unknown. */
export type WordTable = (key: string) => number;

const loaded: { table?: ReadonlyMap<string, number> } = {};

/** Reads the table that ships, once; it takes some 60 ms and 12 MB. */
export const loadWordTable = (): WordTable => {
  if (!loaded.table) {
    const table = new Map<string, number>();
    const text = gunzipSync(readFileSync(new URL("words.tsv.gz", import.meta.url))).toString("utf8");
    for (const line of text.trimEnd().split("\n")) {
      const [flags, words = ""] = line.split("\t");
      for (const word of words.split("|")) table.set(word, Number(flags));
    }
    loaded.table = table;
  }
  const { table } = loaded;
  return (key) => table.get(key) ?? 0;
};
