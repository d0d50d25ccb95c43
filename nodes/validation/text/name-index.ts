import { isInflection } from "./inflection.ts";
import { isSameName, skeletonOf } from "./names.ts";

export type Script = "latin" | "cyrillic" | "hebrew";

/** The alphabet a word is written in. */
export const scriptOf = (word: string): Script =>
  /^[א-ת]/.test(word) ? "hebrew" : /^[\u0400-\u052f]/.test(word) ? "cyrillic" : "latin";
/** A word as names are compared: in lower case, without marks and the English possessive. */
export const foldName = (word: string): string =>
  word
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ł", "l")
    .replace(/['’ʼ]s?$/, "");

/** A word, and what stays of a Hebrew one without the small words that are written as one with it ("and in"). */
const forms = (word: string): string[] => {
  if (!/^[ובלמהשכ][א-ת]{2}/.test(word)) return [word];
  return /^(?:ו[בלמהשכ]|ש[בלמה]|כש|מה)[א-ת]{3}/.test(word)
    ? [word, word.slice(1), word.slice(2)]
    : [word, word.slice(1)];
};

/**
 * The words that are known. A name of the same script is looked up with its endings (none in Hebrew but the prefixes); one of
 * another script by its consonants.
 */
export const createNameIndex = ({ acrossScripts = true } = {}) => {
  const byStart = new Map<string, Set<string>>();
  const bones = new Map<Script, Set<string>>();
  const put = (map: Map<string, Set<string>>, key: string, word: string) => {
    const words = map.get(key) ?? new Set();
    words.add(word);
    map.set(key, words);
  };
  return {
    add(word: string): void {
      const folded = foldName(word);
      for (const form of forms(folded)) {
        put(byStart, form.slice(0, 2), form);
        // In another script only a name is the same word.
        if (!acrossScripts || !/^[\p{Lu}\p{Lo}]/u.test(word)) continue;
        const known = bones.get(scriptOf(folded)) ?? new Set();
        known.add(skeletonOf(form));
        bones.set(scriptOf(folded), known);
      }
    },
    has(word: string): boolean {
      const folded = foldName(word);
      const script = scriptOf(folded);
      for (const form of forms(folded))
        for (const known of byStart.get(form.slice(0, 2)) ?? [])
          if (script === "hebrew" ? known === form : isInflection(known, form, script)) return true;
      for (const [other, known] of bones) {
        if (other === script) continue;
        for (const form of forms(folded)) {
          const bone = skeletonOf(form);
          if (bone.length < 2) continue;
          if (known.has(bone)) return true;
          for (const candidate of known) if (isSameName(candidate, bone)) return true;
        }
      }
      return false;
    },
  };
};

export type NameIndex = ReturnType<typeof createNameIndex>;
