import type { HomeReading } from "../home.ts";
import type { PhraseIndex } from "../phrase-index.ts";
import { stepsFrom } from "../phrase-index.ts";
import { foldWord, tokeniseHomeText } from "../tokenise-home-text.ts";
import { reads } from "./rule.ts";

const intents: Readonly<Record<string, string>> = {
  nevermind: "HassNevermind",
  respond: "HassRespond",
  time: "HassGetCurrentTime",
  date: "HassGetCurrentDate",
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
  for (let from = 0; from < words.length; from += 1) {
    if (from > 0 && !small.has(words[from - 1]!)) return undefined;
    let nodes = [sayings];
    for (let at = from; at < words.length && nodes.length > 0; at += 1) {
      const word = words[at]!;
      const skipped = at > from && small.has(word) ? nodes : [];
      nodes = [...nodes.flatMap((node) => stepsFrom(node, word)), ...skipped];
      if (!words.slice(at + 1).every((word) => small.has(word))) continue;
      for (const node of nodes)
        for (const reading of node.readings) return reads(intents[reading.slice("saying:".length)] ?? "HassRespond");
    }
  }
  return undefined;
};
