import { baseForms } from "./names/base-forms.ts";
import { foldWord } from "./names/fold-word.ts";
import type { Recogniser, Span } from "./span.ts";

const word = /[\p{L}\p{M}][\p{L}\p{M}'’ʼ-]{0,60}/gu;
const possessive = /['’]s?$/;
const hebrew = /^[\u05d0-\u05ea]/;
const prefixes = /^[ולמבשהכ]/;

const wordsOf = (name: string): string[] => [...name.matchAll(word)].map((match) => foldWord(match[0]));

/** Forms in which a word of a name is looked up: itself, its Polish and Ukrainian base forms, without a Hebrew prefix. */
function* formsOf(written: string): Generator<string> {
  const folded = foldWord(written);
  yield folded;
  if (hebrew.test(folded)) {
    if (prefixes.test(folded) && folded.length > 3) yield folded.slice(1);
  } else if (folded.length > 2) yield* baseForms(folded);
}

/**
 * Finds the people of a directory in any case, also inflected as Polish and Ukrainian do. A name of several words is found
 * whole, and by each of its words that has at least three letters and is written with a capital (in Hebrew: in a whole only).
 */
export const createKnownNames = (names: readonly string[]): Recogniser => {
  const byFirst = new Map<string, string[][]>();
  const parts = new Set<string>();
  for (const name of names) {
    const words = wordsOf(name);
    const [first] = words;
    if (first === undefined || words.join("").length < 2) continue;
    byFirst.set(first, [...(byFirst.get(first) ?? []), words]);
    for (const part of words) if (part.length > 2 && !hebrew.test(part)) parts.add(part);
  }
  return {
    name: "known-names",
    *find(text, check): Generator<Span> {
      const found = [...text.matchAll(word)].map(
        (match): Found => ({
          text: match[0].replace(possessive, ""),
          start: match.index,
        }),
      );
      for (let at = 0; at < found.length; at += 1) {
        if (at % 64 === 0) check();
        const here = found[at] as Found;
        let count = 0;
        for (const form of formsOf(here.text)) {
          for (const words of byFirst.get(form) ?? []) {
            if (words.length > count && fits(words, found, at)) count = words.length;
          }
          if (count === 0 && parts.has(form) && /^\p{Lu}/u.test(here.text)) count = 1;
        }
        if (count === 0) continue;
        const last = found[at + count - 1] as Found;
        yield { start: here.start, end: last.start + last.text.length, kind: "PERSON" };
        at += count - 1;
      }
    },
  };
};

interface Found {
  readonly text: string;
  readonly start: number;
}

const fits = (words: readonly string[], found: readonly Found[], at: number): boolean =>
  words.every((wanted, offset) => {
    if (offset === 0) return true;
    const here = found[at + offset];
    const before = found[at + offset - 1];
    if (!here || !before || here.start - (before.start + before.text.length) > 2) return false;
    for (const form of formsOf(here.text)) if (form === wanted) return true;
    return false;
  });
