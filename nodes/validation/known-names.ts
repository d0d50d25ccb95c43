import { createWordReader } from "../../platform/egress/recognisers/names/name-word.ts";
import { loadWordTable } from "../../platform/egress/recognisers/names/word-table.ts";
import type { Ground } from "./ground.ts";
import { createNameIndex } from "./text/name-index.ts";
import { tokensOf } from "./text/tokens.ts";

/** All words that evidence, actions and the conversation know, in every case and script. */
export interface KnownNames {
  /** Whether a word, or a form of it, is known. */
  has(word: string): boolean;
  /** Whether a word is known letter for letter. */
  hasExactly(word: string): boolean;
  /** Whether a stretch of text is known, whatever stands around it. */
  hasText(text: string): boolean;
  /** What the lists of people and places say of a word. */
  flagsOf(word: string): number;
  readonly places: ReadonlySet<string>;
  /** All texts, as they are written. */
  readonly texts: readonly string[];
}

const mostTexts = 5_000;
const longest = 100_000;

/** Reads what is known once per query. */
export const collectKnownNames = ({ texts, evidence, actions, facts, timezone }: Ground): KnownNames => {
  const index = createNameIndex();
  const exact = new Set<string>();
  const all: string[] = [];
  const add = (text: string) => {
    if (all.length > mostTexts) return;
    all.push(text);
    // Addresses write people in lower case.
    for (const [, word = ""] of text.slice(0, longest).matchAll(/(?<![\w.-])([a-z]{3,30})(?=[.\w-]{0,40}@)/g))
      index.add(`${word[0]?.toUpperCase()}${word.slice(1)}`);
    for (const [word] of text.slice(0, longest).matchAll(/[\p{L}\p{M}]+(?:['’ʼ"״׳][\p{L}]+)*|\p{N}+/gu)) {
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
        walk(item, depth + 1);
      }
  };
  for (const text of [...texts, timezone]) add(text);
  for (const item of evidence) {
    for (const text of [item.title, item.text, item.sourceName, item.sourceUrl ?? "", item.service]) add(text);
    walk(item.data, 0);
  }
  for (const action of actions) walk([action.tool.replace(/([a-z])([A-Z])/g, "$1 $2"), action.args, action.result], 0);
  const places = new Set<string>();
  for (const text of all)
    for (const keys of facts.names.namesAt(tokensOf(text), text).values())
      for (const key of keys) if (key.startsWith("p:")) places.add(key);
  for (const { all: names } of facts.facts) for (const name of names) if (name.startsWith("p:")) places.add(name);
  const lower = all.map((text) => text.toLowerCase());
  const asked = new Map<string, boolean>();
  const has = (word: string): boolean => {
    const answer = asked.get(word) ?? index.has(word);
    if (asked.size < 20_000) asked.set(word, answer);
    return answer;
  };
  const read = createWordReader(loadWordTable());
  return {
    places,
    texts: all,
    hasText: (text) => lower.some((known) => known.includes(text)),
    hasExactly: (word) => exact.has(word.toLowerCase()),
    has,
    flagsOf: (word) => read(word, 0).flags,
  };
};
