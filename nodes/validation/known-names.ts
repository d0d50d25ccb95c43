import { createWordReader } from "../../platform/egress/recognisers/names/name-word.ts";
import { loadWordTable } from "../../platform/egress/recognisers/names/word-table.ts";
import { airportIn } from "./airport-names.ts";
import type { Ground } from "./ground.ts";
import { initialsOf, namesOfWords } from "./text/initials.ts";
import { createNameIndex } from "./text/name-index.ts";
import { type Token, tokensOf } from "./text/tokens.ts";

/** All words that evidence, actions and the conversation know, in every case and script. */
export interface KnownNames {
  /** Whether a word, or a form of it, is known. */
  has(word: string): boolean;
  /** Whether a word is known letter for letter. */
  hasExactly(word: string): boolean;
  /** Whether a stretch of text is known, whatever stands around it. */
  hasText(text: string): boolean;
  /** Whether a word is made of the initials of a known name. */
  hasInitials(word: string): boolean;
  /** What the lists of people and places say of a word. */
  flagsOf(word: string): number;
  readonly places: ReadonlySet<string>;
  /** All texts, as they are written, each once. */
  readonly texts: readonly string[];
  /** The texts' tokens; very long texts are read to a length only. */
  readonly readTexts: readonly (readonly Token[])[];
}

const mostTexts = 5_000;
const longest = 100_000;

const longestRead = 20_000;

const collected = new WeakMap<Ground, KnownNames>();
/** What is known for a query, read once. */
export const knownNamesOf = (ground: Ground): KnownNames => {
  const known = collected.get(ground) ?? collectKnownNames(ground);
  collected.set(ground, known);
  return known;
};

const collectKnownNames = ({ texts: said, evidence, actions, facts, timezone }: Ground): KnownNames => {
  const index = createNameIndex();
  const exact = new Set<string>();
  const all = new Set<string>();
  const written = new Set<string>();
  const add = (text: string) => {
    // Data say the same over and over.
    if (all.size > mostTexts || all.has(text)) return;
    all.add(text);
    // Addresses write people in lower case.
    if (text.includes("@"))
      for (const [, word = ""] of text.slice(0, longest).matchAll(/(?<![\w.-])([a-z]{3,30})(?=[.\w-]{0,40}@)/g))
        index.add(`${word[0]?.toUpperCase()}${word.slice(1)}`);
    for (const word of text.slice(0, longest).match(/[\p{L}\p{M}]+(?:['’ʼ"״׳][\p{L}]+)*|\p{N}+/gu) ?? []) {
      if (written.has(word)) continue;
      written.add(word);
      index.add(word);
      exact.add(word.toLowerCase());
    }
  };
  const walk = (value: unknown, depth: number): void => {
    if (depth > 8) return;
    if (typeof value === "string") add(value);
    else if (typeof value === "number") add(String(value));
    else if (Array.isArray(value)) for (const item of value) walk(item, depth + 1);
    else if (value !== null && typeof value === "object")
      for (const [key, item] of Object.entries(value)) {
        add(key);
        const airport = typeof item === "string" ? airportIn(key, item) : undefined;
        if (airport !== undefined) add(airport);
        walk(item, depth + 1);
      }
  };
  for (const text of [...said, timezone]) add(text);
  for (const item of evidence) {
    for (const text of [item.title, item.text, item.sourceName, item.sourceUrl ?? "", item.service]) add(text);
    walk(item.data, 0);
  }
  for (const action of actions) walk([action.tool.replace(/([a-z])([A-Z])/g, "$1 $2"), action.args, action.result], 0);
  const places = new Set<string>();
  for (const text of all) for (const { key } of facts.names.placesIn(text)) places.add(key);
  for (const { all: names } of facts.facts) for (const name of names) if (name.startsWith("p:")) places.add(name);
  const texts = [...all];
  const lower = texts.map((text) => text.toLowerCase());
  let readTexts: readonly (readonly Token[])[] | undefined;
  const asked = new Map<string, boolean>();
  const has = (word: string): boolean => {
    const answer = asked.get(word) ?? index.has(word);
    if (asked.size < 20_000) asked.set(word, answer);
    return answer;
  };
  let initials: string | undefined;
  const read = createWordReader(loadWordTable());
  return {
    places,
    texts,
    get readTexts() {
      readTexts ??= texts.map((text) => tokensOf(text.slice(0, longestRead)));
      return readTexts;
    },
    hasText: (text) => lower.some((known) => known.includes(text)),
    hasInitials(word) {
      initials ??= ` ${[...all].flatMap((text) => namesOfWords(text).flatMap(initialsOf)).join(" ")} `;
      return word.length > 2 && initials.includes(word.toLowerCase());
    },
    hasExactly: (word) => exact.has(word.toLowerCase()),
    has,
    flagsOf: (word) => read(word, 0).flags,
  };
};
