import { wordsOf } from "../../platform/language/normalise-text.ts";

/** Longest text, in characters, that the classifier looks at; more says nothing about what is asked. */
const longestText = 2_000;
const longestWord = 40;

/** Features of a text: 32-bit hashes, repeated as often as they occur, in groups that are weighed apart. */
export interface TextFeatures {
  /** Single words, and two or three neighbours with marks for start and end. */
  readonly words: readonly number[];
  readonly characters: readonly number[];
  /** Any two words of the text, cut to their stems, in either order. */
  readonly pairs: readonly number[];
  /** Single words alone, each once. */
  readonly distinct: readonly number[];
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
const trigram = 0x68e31da4;
const pair = 0x5bd1e995;
const ngram = 0x1b873593;
const shapeSeed = 0x3c6ef372;

// Which figure or which flight it is does not matter, that there is one does.
const shapeOf = (token: string): string => {
  if (/^\p{N}+$/u.test(token)) return `#${Math.min(token.length, 5)}`;
  return /\p{N}/u.test(token) ? "code" : "";
};

/** What is left of a word when most endings are gone, whatever the language. */
const stemLength = 4;
/** Pairs grow with the square of the words; later words of long texts are in none. */
const mostStems = 20;

/**
 * Words, two and three neighbours, character n-grams of 2 to 4 inside each word, and pairs of stems: the n-grams carry inflections
 * (pl, uk), prefixes (he) and typing errors, the pairs what is asked in whatever order. Linear in the text's length, which is capped.
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
    const before = tokens[index - 1] ?? "^";
    words.push(hashWord(hashStep(hashWord(bigram, before), 0x20), token));
    const twoBefore = hashStep(hashWord(trigram, tokens[index - 2] ?? "^"), 0x20);
    words.push(hashWord(hashStep(hashWord(twoBefore, before), 0x20), token));
    pushCharacters(` ${token} `, characters);
  }
  const last = tokens.at(-1);
  if (last !== undefined) words.push(hashWord(hashStep(hashWord(bigram, last), 0x20), "$"));
  const distinct = [...new Set(tokens)].map((token) => hashWord(unigram, token));
  return { words, characters, pairs: stemPairs(tokens), distinct };
};

const stemPairs = (tokens: readonly string[]): number[] => {
  const stems = [...new Set(tokens.map((token) => token.slice(0, stemLength)))].slice(0, mostStems).sort();
  return stems.flatMap((left, index) => {
    const seed = hashStep(hashWord(pair, left), 0x20);
    return stems.slice(index + 1).map((right) => hashWord(seed, right));
  });
};

const pushCharacters = (padded: string, into: number[]): void => {
  for (let start = 0; start < padded.length; start += 1) {
    let hash = ngram;
    const end = Math.min(padded.length, start + 4);
    for (let index = start; index < end; index += 1) {
      hash = hashStep(hash, padded.charCodeAt(index));
      if (index > start) into.push(hash);
    }
  }
};
