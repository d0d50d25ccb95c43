import { hebrewLemmas } from "./inflections-he.ts";
import { polishLemmas } from "./inflections-pl.ts";
import { ukrainianLemmas } from "./inflections-uk.ts";

export type Script = "latin" | "cyrillic" | "hebrew";

/** The script of a folded word, by its first letter. */
export const scriptOf = (word: string): Script => {
  const code = word.charCodeAt(0);
  if (code >= 0x400 && code <= 0x52f) return "cyrillic";
  return code >= 0x590 && code <= 0x5ff ? "hebrew" : "latin";
};

/** Nominatives that a folded word may stand for. Cyrillic and Hebrew tell their rules themselves; Latin ones follow the locale. */
export const lemmasOf = (word: string, locale: string): readonly string[] => {
  const script = scriptOf(word);
  if (script === "cyrillic") return ukrainianLemmas(word);
  if (script === "hebrew") return hebrewLemmas(word);
  return /^pl\b/i.test(locale) ? polishLemmas(word) : [];
};
