import { setImmediate as nextTurn } from "node:timers/promises";
import { wordsOf } from "../../platform/language/normalise-text.ts";

/**
 * How much likelier a stretch begins a request than goes on with one, by its first two words: natural logarithm of the odds,
 * above 0 for "what is …", below 0 for "my heart"; within ±`strongest`.
 */
export type RequestOpenings = (text: string) => number;

const strongest = 5;
/** With fewer examples the first words say nothing. */
const fewestExamples = 20;
const examplesPerTurn = 500;
const longestText = 200;
/** How much a pair of words leans on what its first word says alone, and a word on what unseen words do. */
const pairWeight = 3;
const wordWeight = 0.5;

interface Counts {
  readonly opening: Map<string, number>;
  readonly inside: Map<string, number>;
}

/** Says nothing about any text. */
export const noOpenings: RequestOpenings = () => 0;

/**
 * Learns from examples how requests begin: their first words against all other words in them. Gives way to other work
 * between stretches of the examples.
 */
export const learnOpenings = async (examples: readonly { readonly text: string }[]): Promise<RequestOpenings> => {
  const words: Counts = { opening: new Map(), inside: new Map() };
  const pairs: Counts = { opening: new Map(), inside: new Map() };
  let begun = 0;
  let others = 0;
  for (const [index, { text }] of examples.entries()) {
    if (index % examplesPerTurn === examplesPerTurn - 1) await nextTurn();
    const found = wordsOf(text.slice(0, longestText));
    for (const [position, word] of found.entries()) {
      const place = position === 0 ? "opening" : "inside";
      count(words[place], word);
      count(pairs[place], `${word} ${found[position + 1] ?? ""}`);
      if (position === 0) begun += 1;
      else others += 1;
    }
  }
  if (begun < fewestExamples || others < fewestExamples) return noOpenings;
  // A word never seen is judged by how often either place brings a word that it brings only once.
  const unseen = ((once(words.opening) + 0.5) / begun) * (others / (once(words.inside) + 0.5));
  const odds = ({ opening, inside }: Counts, key: string, weight: number, otherwise: number): number =>
    ((opening.get(key) ?? 0) / begun + (weight * otherwise) / others) / (((inside.get(key) ?? 0) + weight) / others);
  return (text) => {
    const [first, second = ""] = wordsOf(text.slice(0, longestText));
    if (first === undefined) return -strongest;
    const pair = odds(pairs, `${first} ${second}`, pairWeight, odds(words, first, wordWeight, unseen));
    return Math.max(-strongest, Math.min(strongest, Math.log(pair)));
  };
};

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
const once = (counts: ReadonlyMap<string, number>): number => {
  let words = 0;
  for (const times of counts.values()) if (times === 1) words += 1;
  return words;
};
