import { baseForms } from "./base-forms.ts";
import { foldWord } from "./fold-word.ts";
import { type WordTable, wordFlags } from "./word-table.ts";

/** A word of a run of capitalised words, with what is known of it. */
export interface NameWord {
  /** As it stands in the text. */
  readonly text: string;
  readonly folded: string;
  /** Offsets in the text; the end leaves out an English `'s`. */
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  /** `J.` or `J`. */
  readonly isInitial: boolean;
  /** Written in capitals throughout. */
  readonly isShouted: boolean;
}

const contraction = /['’](?:ve|m|ll|d|re|t)$/i;
const possessive = /['’]s?$/;
const nameFlags = wordFlags.given | wordFlags.surname;

/** Ordinary English forms that a dictionary of base forms leaves out. */
const plainForms = (folded: string): string[] => {
  const forms: string[] = [];
  for (const [ending, instead] of [
    ["s", ""],
    ["es", ""],
    ["ies", "y"],
    ["ed", ""],
    ["ed", "e"],
    ["ing", ""],
    ["ing", "e"],
    ["ly", ""],
    ["er", ""],
  ] as const) {
    if (folded.endsWith(ending) && folded.length - ending.length > 2)
      forms.push(folded.slice(0, -ending.length) + instead);
  }
  return forms;
};

const lookUp = (folded: string, table: WordTable): number => {
  const direct = table(folded);
  if (direct !== 0) return direct;
  for (const form of plainForms(folded)) if (table(form) & wordFlags.common) return wordFlags.common;
  // Only what the inflection of a name can give: an inflected place stays unknown, and unknown words count little.
  for (const form of baseForms(folded)) {
    const flags = table(form);
    if (flags & nameFlags) return (flags & ~wordFlags.common) | wordFlags.inflected;
    if (flags & wordFlags.place) return flags;
  }
  return 0;
};

/** Describes one word of a text at an offset. */
export type WordReader = (written: string, start: number) => NameWord;

/** Reads words against a table; what was read once is remembered, since words of a text repeat. */
export const createWordReader = (table: WordTable): WordReader => {
  const known = new Map<string, Omit<NameWord, "start" | "end">>();
  return (written, start) => {
    let word = known.get(written);
    if (!word) {
      word = describe(written, table);
      known.set(written, word);
    }
    return { ...word, start, end: start + word.text.length };
  };
};

const describe = (written: string, table: WordTable): Omit<NameWord, "start" | "end"> => {
  const text = written.length > 2 ? written.replace(possessive, "") : written;
  const letters = text.replace(/\./g, "");
  const folded = foldWord(text);
  const direct = lookUp(folded, table);
  const flags = direct === 0 && text.includes("-") ? flagsOfParts(text.split("-"), table) : direct;
  const isInitial = letters.length === 1 && (text.length > 1 || !/^[aiowzяіувз]$/i.test(letters));
  return {
    text,
    folded,
    // Alone, "I" is the speaker, "A" an article, "W" a Polish preposition.
    flags: (letters.length === 1 && !isInitial) || contraction.test(text) ? wordFlags.common : flags,
    isInitial,
    isShouted: letters.length > 1 && letters === letters.toUpperCase(),
  };
};

/** Words joined by a hyphen are what all their known parts are; one ordinary part makes the whole ordinary too. */
const flagsOfParts = (parts: readonly string[], table: WordTable): number => {
  const known = parts.map((part) => lookUp(foldWord(part), table)).filter((flags) => flags !== 0);
  const every = known.reduce((all, flags) => all & flags, known[0] ?? 0);
  return every | (known.reduce((some, flags) => some | flags, 0) & wordFlags.common);
};
