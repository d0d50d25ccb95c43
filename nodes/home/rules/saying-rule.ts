import type { HomeReading } from "../home.ts";
import type { PhraseIndex, PhraseNode } from "../phrase-index.ts";
import { stepsFrom } from "../phrase-index.ts";
import { foldWord, tokeniseHomeText } from "../tokenise-home-text.ts";
import { reads } from "./rule.ts";

const intents: Readonly<Record<string, string>> = {
  nevermind: "HassNevermind",
  respond: "HassRespond",
  time: "HassGetCurrentTime",
  date: "HassGetCurrentDate",
};

/** What the words say as a whole, or one saying after another. */
const readWords = (words: readonly string[], sayings: PhraseNode, small: ReadonlySet<string>): string | undefined => {
  for (let from = 0; from < words.length; from += 1) {
    if (from > 0 && !small.has(words[from - 1]!)) return undefined;
    let nodes = [sayings];
    for (let at = from; at < words.length && nodes.length > 0; at += 1) {
      const word = words[at]!;
      const skipped = at > from && small.has(word) ? nodes : [];
      nodes = [...nodes.flatMap((node) => stepsFrom(node, word)), ...skipped];
      const key = nodes.flatMap((node) => [...node.readings])[0]?.slice("saying:".length);
      if (key === undefined) continue;
      if (words.slice(at + 1).every((word) => small.has(word))) return key;
      // "Forget it, never mind" says one thing twice; after a greeting the rest is what is meant.
      const rest = readWords(words.slice(at + 1), sayings, small);
      if (rest !== undefined && (rest === key || key === "respond")) return rest;
    }
  }
  return undefined;
};

/** Sentences that are known as a whole: never mind, what time is it, hello. `small` are words that may stand around them. */
export const readSaying = (
  text: string,
  { sayings }: PhraseIndex,
  small: ReadonlySet<string>,
  plain: boolean,
): HomeReading => {
  const words = tokeniseHomeText(text).map(({ word }) => (plain ? foldWord(word) : word));
  if (words.length === 0 || words.length > 14) return undefined;
  const key = readWords(words, sayings, small);
  return key === undefined ? undefined : reads(intents[key] ?? "HassRespond");
};
