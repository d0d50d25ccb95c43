import { expandPhrase } from "./expand-phrase.ts";
import type { HomeLexicon } from "./home-lexicon.ts";
import { foldWord, tokeniseHomeText } from "./tokenise-home-text.ts";

/** What a phrase may mean: `noun:light`, `action:on`, `number:20`. */
export type Reading = `${string}:${string}`;

export interface PhraseNode {
  readonly words: Map<string, PhraseNode>;
  /** Beginnings of words, written with `*`. */
  readonly stems: Map<string, PhraseNode>;
  readonly readings: Set<Reading>;
}

const newNode = (): PhraseNode => ({ words: new Map(), stems: new Map(), readings: new Set() });

const childOf = (children: Map<string, PhraseNode>, word: string): PhraseNode => {
  const known = children.get(word);
  if (known) return known;
  const node = newNode();
  children.set(word, node);
  return node;
};

const groupsOf = (lexicon: HomeLexicon): readonly (readonly [Reading, readonly string[]])[] => {
  const keyed = (group: string, table: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(table).map(([key, phrases]) => [`${group}:${key}`, phrases] as const);
  return [
    ...keyed("action", lexicon.actions),
    ...keyed("lighting", lexicon.lighting ?? {}),
    ["point:", lexicon.decimalMarks ?? []],
    ...keyed("particle", lexicon.particles),
    ...keyed("noun", lexicon.nouns),
    ...keyed("state", lexicon.states),
    ...keyed("question", lexicon.questions),
    ...keyed("relation", lexicon.relations),
    ...keyed("scope", lexicon.scopes),
    ...keyed("unit", lexicon.units),
    ...keyed("colour", lexicon.colours),
    ...keyed("level", lexicon.levels),
    ...keyed("media", lexicon.media),
    ...lexicon.numbers.map(([phrase, value]) => [`number:${value}`, [phrase]] as const),
    ...lexicon.lengths.map(([phrase, seconds]) => [`length:${seconds}`, [phrase]] as const),
    ["half:", lexicon.halves],
    ["people:", lexicon.people],
    ["request:", lexicon.requests],
    ["negation:", lexicon.negations],
    ["condition:", lexicon.conditions],
    ["filler:", lexicon.fillers],
  ];
};

/** The words of a phrase; a word that ends in `*` keeps a mark. */
const wordsOf = (phrase: string, fold: boolean): { readonly word: string; readonly stem: boolean }[] =>
  tokeniseHomeText(phrase.replaceAll("*", " ")).map(({ word, end }) => ({
    word: fold ? foldWord(word) : word,
    stem: phrase[end] === "*",
  }));

const addPhrase = (root: PhraseNode, phrase: string, reading: Reading, fold: boolean): void => {
  let node = root;
  const words = wordsOf(phrase, fold);
  if (words.length === 0) return;
  for (const { word, stem } of words) node = childOf(stem ? node.stems : node.words, word);
  node.readings.add(reading);
};

const addSayings = (root: PhraseNode, lexicon: HomeLexicon, fold: boolean): void => {
  for (const [key, phrases] of Object.entries(lexicon.sayings))
    for (const phrase of phrases.flatMap(expandPhrase)) addPhrase(root, phrase, `saying:${key}`, fold);
};

export interface PhraseIndex {
  readonly words: PhraseNode;
  readonly sayings: PhraseNode;
}

const build = (lexicon: HomeLexicon, fold: boolean): PhraseIndex => {
  const words = newNode();
  for (const [reading, phrases] of groupsOf(lexicon))
    for (const phrase of phrases.flatMap(expandPhrase)) addPhrase(words, phrase, reading, fold);
  const sayings = newNode();
  addSayings(sayings, lexicon, fold);
  return { words, sayings };
};

/** A lexicon's phrases as two word tries: as written, and without diacritics for text that has none. */
export const buildPhraseIndex = (
  lexicon: HomeLexicon,
): { readonly written: PhraseIndex; readonly plain: PhraseIndex } => ({
  written: build(lexicon, false),
  plain: build(lexicon, true),
});

/** The nodes that a word leads to: the word itself, and every stem it begins with. */
export const stepsFrom = (node: PhraseNode, word: string): readonly PhraseNode[] => {
  const exact = node.words.get(word);
  const found = exact ? [exact] : [];
  if (node.stems.size > 0)
    for (let length = 1; length <= word.length; length += 1) {
      const stem = node.stems.get(word.slice(0, length));
      if (stem) found.push(stem);
    }
  return found;
};
