import { wordsOf } from "../../platform/language/normalise-text.ts";

/** Longest text, in characters, that the classifier looks at; more says nothing about what is asked. */
const longestText = 2_000;
const longestWord = 40;

/** Features of a text: 32-bit hashes, repeated as often as they occur, in two groups that are weighed apart. */
export interface TextFeatures {
  readonly words: readonly number[];
  readonly characters: readonly number[];
}

// FNV-1a: two features of 100,000 share a hash about once, which a linear model does not notice.
const hashStep = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
const hashWord = (seed: number, word: string): number => {
  let hash = seed;
  for (let index = 0; index < word.length; index += 1) hash = hashStep(hash, word.charCodeAt(index));
  return hash;
};

const unigram = 0x811c9dc5;
const bigram = 0x2f0b4a11;
const skip = 0x5bd1e995;
const ngram = 0x1b873593;
const shapeSeed = 0x3c6ef372;

// Which figure or which flight it is does not matter, that there is one does.
const shapeOf = (token: string): string => {
  if (/^\p{N}+$/u.test(token)) return `#${Math.min(token.length, 5)}`;
  return /\p{N}/u.test(token) ? "code" : "";
};

/**
 * Words, pairs of neighbours (with marks for start and end), pairs one apart, and character n-grams of 2 to 5 inside each
 * word: the last carry inflections (pl, uk), prefixes (he) and typing errors. Linear in the text's length, which is capped.
 */
export const textFeatures = (text: string): TextFeatures => {
  const tokens = wordsOf(text.slice(0, longestText)).map((word) => word.slice(0, longestWord));
  const words: number[] = [];
  const characters: number[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    words.push(hashWord(unigram, token));
    const shape = shapeOf(token);
    if (shape !== "")
      words.push(hashWord(shapeSeed, shape), hashWord(hashWord(shapeSeed, shape), tokens[index + 1] ?? "$"));
    words.push(hashWord(hashStep(hashWord(bigram, tokens[index - 1] ?? "^"), 0x20), token));
    if (index >= 2) words.push(hashWord(hashStep(hashWord(skip, tokens[index - 2] ?? ""), 0x20), token));
    pushCharacters(` ${token} `, characters);
  }
  const last = tokens.at(-1);
  if (last !== undefined) words.push(hashWord(hashStep(hashWord(bigram, last), 0x20), "$"));
  return { words, characters };
};

const pushCharacters = (padded: string, into: number[]): void => {
  for (let start = 0; start < padded.length; start += 1) {
    let hash = ngram;
    const end = Math.min(padded.length, start + 5);
    for (let index = start; index < end; index += 1) {
      hash = hashStep(hash, padded.charCodeAt(index));
      if (index > start) into.push(hash);
    }
  }
};
