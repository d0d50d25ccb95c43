import type { NameHit, NameIndex } from "./name-index.ts";
import { type PhraseIndex, type PhraseNode, type Reading, stepsFrom } from "./phrase-index.ts";
import type { Span } from "./span.ts";
import { foldWord, type HomeToken } from "./tokenise-home-text.ts";

interface Form {
  readonly word: string;
  readonly prefix?: string;
}

/** A sentence's words in all the forms they may be looked up in. */
export interface LookUpWords {
  readonly tokens: readonly HomeToken[];
  readonly forms: readonly (readonly Form[])[];
  readonly plain: boolean;
}

/** Longest prefix first in the lexicon; a word of one letter is never what remains. */
const formsOf = (word: string, prefixes: readonly string[]): Form[] => [
  { word },
  // Whose: the kitchen's lights.
  ...(word.endsWith("'s") ? [{ word: word.slice(0, -2) }] : []),
  ...prefixes
    .filter((prefix) => word.startsWith(prefix) && word.length - prefix.length >= 2)
    .map((prefix) => ({ word: word.slice(prefix.length), prefix })),
];

export const lookUpWords = (tokens: readonly HomeToken[], prefixes: readonly string[]): LookUpWords => {
  const plain = tokens.every(({ word }) => /^[\x20-\x7e°½]*$/u.test(word));
  return {
    tokens,
    plain,
    forms: tokens.map(({ word }) => formsOf(plain ? foldWord(word) : word, prefixes)),
  };
};

interface Candidate {
  readonly to: number;
  readonly readings: Set<Reading>;
  readonly names: NameHit[];
  prefix?: string;
}

const phrasesAt = ({ forms }: LookUpWords, root: PhraseNode, from: number, found: Map<number, Candidate>): void => {
  let states: { readonly node: PhraseNode; readonly prefix?: string }[] = [{ node: root }];
  for (let at = from; at < forms.length && states.length > 0; at += 1) {
    const next: { readonly node: PhraseNode; readonly prefix?: string }[] = [];
    for (const { node, prefix } of states)
      for (const form of forms[at]!) {
        const taken = at === from ? form.prefix : prefix;
        for (const step of stepsFrom(node, form.word))
          next.push(taken === undefined ? { node: step } : { node: step, prefix: taken });
      }
    for (const { node, prefix } of next) {
      if (node.readings.size === 0) continue;
      let candidate = found.get(at + 1);
      if (!candidate) {
        candidate = { to: at + 1, readings: new Set(), names: [] };
        if (prefix !== undefined) candidate.prefix = prefix;
        found.set(at + 1, candidate);
      } else if (candidate.prefix !== undefined && prefix === undefined) {
        // The word as it stands means more than what is left after taking letters off it.
        candidate.readings.clear();
        delete candidate.prefix;
      } else if (candidate.prefix === undefined && prefix !== undefined) continue;
      for (const reading of node.readings) candidate.readings.add(reading);
    }
    states = next;
  }
};

const digitsOf = (word: string): number | undefined =>
  /^\d+(?:[.,]\d+)?$/u.test(word) ? Number(word.replace(",", ".")) : undefined;

/** Weights of one span: words with a meaning count most, every further span costs, a name beats words of the same length. */
const weigh = (candidate: Candidate, from: number, bare: boolean): number => {
  const words = candidate.to - from;
  if (bare) return 8 * words - 3;
  const onlySmall = [...candidate.readings].every((reading) => /^(?:filler|relation):/u.test(reading));
  const named = candidate.names.length === 0 ? 0 : candidate.names.some(({ exact }) => exact) ? 2 : 1;
  const base = candidate.names.length > 0 || !onlySmall ? 8 : 7;
  return base * words - 3 + named;
};

/**
 * Covers a sentence with the phrases and names that explain most of it in the fewest pieces.
 * Words that nothing explains come out as spans of their own. Time grows with words × longest phrase.
 */
export const coverSentence = (
  words: LookUpWords,
  index: PhraseIndex,
  names: NameIndex | undefined,
  allowed: (hit: NameHit) => boolean,
): Span[] => {
  const { tokens, forms, plain } = words;
  const spellings = forms.map((of) => of.map(({ word }) => word));
  const best: { score: number; span?: Span }[] = Array.from({ length: tokens.length + 1 }, () => ({ score: 0 }));
  for (let from = tokens.length - 1; from >= 0; from -= 1) {
    const found = new Map<number, Candidate>();
    phrasesAt(words, index.words, from, found);
    for (const hit of names?.at(spellings, from, plain) ?? []) {
      if (!allowed(hit)) continue;
      const to = from + hit.length;
      const candidate = found.get(to) ?? { to, readings: new Set<Reading>(), names: [] };
      // A verb is no inflected name: zasłoń is not the zasłona.
      if (!hit.exact && [...candidate.readings].some((reading) => reading.startsWith("action:"))) continue;
      candidate.names.push(hit);
      found.set(to, candidate);
    }
    const digits = digitsOf(forms[from]![0]!.word);
    if (digits !== undefined && !found.has(from + 1))
      found.set(from + 1, { to: from + 1, readings: new Set(), names: [] });
    let chosen: { score: number; span: Span } = {
      score: best[from + 1]!.score - 1,
      span: { from, to: from + 1, readings: new Set(), names: [] },
    };
    for (const candidate of found.values()) {
      const { to, readings, names: hits } = candidate;
      const isNumber = digits !== undefined && to === from + 1;
      const score = best[to]!.score + weigh(candidate, from, isNumber);
      // Of two equal readings, the one in fewer pieces.
      if (score < chosen.score || (score === chosen.score && to <= chosen.span.to)) continue;
      const prefix = candidate.prefix ?? gluedName(words, from, hits);
      chosen = {
        score,
        span: {
          from,
          to,
          readings,
          names: hits.toSorted((one, other) => Number(other.exact) - Number(one.exact)),
          ...(isNumber ? { digits } : {}),
          ...(prefix === undefined ? {} : { prefix }),
        },
      };
    }
    best[from] = chosen;
  }
  const spans: Span[] = [];
  for (let at = 0; at < tokens.length; ) {
    const span = best[at]!.span!;
    spans.push(span);
    at = span.to;
  }
  return spans;
};

/** The prefix that a name carries when no phrase stands in its place. */
const gluedName = ({ forms }: LookUpWords, from: number, hits: readonly NameHit[]): string | undefined => {
  if (hits.length === 0) return undefined;
  const first = foldWord(hits[0]!.spelling.toLowerCase()).slice(0, 2);
  if (foldWord(forms[from]![0]!.word).startsWith(first)) return undefined;
  return forms[from]!.find(({ word }) => foldWord(word).startsWith(first))?.prefix;
};
