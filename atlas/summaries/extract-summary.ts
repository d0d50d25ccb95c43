import { createSentenceSplitter } from "../../platform/language/sentences.ts";
import { estimateTokens } from "../../platform/models/estimate-usage.ts";
import { analyseText } from "../index/analyse-text.ts";
import { languageOfWords } from "../index/language-of-words.ts";
import type { TextLanguage } from "../index/languages.ts";
import { splitWords } from "../index/split-words.ts";
import { createBreather } from "../recall/breather.ts";

export interface SummarySource {
  readonly id: string;
  readonly role: string;
  readonly content: string;
}

export interface ExtractedSummary {
  /** Sentences of the messages, in their order. */
  readonly summary: string;
  /** The messages that they come from. */
  readonly sources: readonly string[];
  readonly language: TextLanguage;
}

interface Sentence {
  readonly message: number;
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  /** More than 1: it opens its message, or the thread, or closes the thread. */
  readonly place: number;
}

/** Characters of one message that are looked at: what comes later repeats or details. */
const mostCharacters = 20_000;
const fewestStems = 3;
const mostStems = 40;
/** Sentences of one thread that are compared with each other. */
const mostSentences = 2_000;
/** What a sentence's words still count for in the choice of the next ones. */
const discount = 0.2;
/** Numbers are rare and say little about what is spoken of. */
const weightOfNumbers = 0.5;
/** What people say counts more than answers, which are long. */
const weightOfRole: Readonly<Record<string, number>> = { user: 1.3, assistant: 0.9, agent: 0.9 };

/** Prose of a text, without blocks of code, headings' and lists' marks. */
const sentencesOf = (text: string): string[] => {
  const splitter = createSentenceSplitter();
  return [...splitter.push(text.slice(0, mostCharacters)), ...splitter.end()]
    .filter((sentence) => !/^\s*(```|~~~|\|)/.test(sentence))
    .map((sentence) =>
      sentence
        .replace(/\s+/g, " ")
        .replace(/^ ?(?:[#>*-]+|\d{1,3}[.)]) /, "")
        .trim(),
    );
};

const languageOf = (messages: readonly SummarySource[]): TextLanguage => {
  const characters = new Map<TextLanguage, number>();
  for (const { content } of messages) {
    const language = languageOfWords(splitWords(content.slice(0, 2_000)));
    characters.set(language, (characters.get(language) ?? 0) + Math.min(content.length, 2_000));
  }
  return [...characters].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "en";
};

/** The share of a thread that a message is at: its beginning says what it is about, its end what came of it. */
const placeOf = (message: number, messages: number, sentence: number): number => {
  const share = messages < 2 ? 0 : message / (messages - 1);
  const inThread = share < 0.1 ? 1.3 : share > 0.9 ? 1.2 : 1;
  return inThread * (sentence === 0 ? 1.15 : 1);
};

/**
 * Sums up a thread by its own sentences, at most so many tokens, in the language that most of it is in: those whose words the
 * thread keeps coming back to and few of its messages hold, each adding what the others have not said. Undefined when the thread
 * has no sentence that says anything. The same messages give the same summary; quadratic in the sentences chosen only. Others get
 * their turn in between.
 * @throws the signal's reason
 */
export const extractSummary = async (
  messages: readonly SummarySource[],
  mostTokens: number,
  signal?: AbortSignal,
): Promise<ExtractedSummary | undefined> => {
  const breathe = createBreather(signal);
  const language = languageOf(messages);
  const sentences: Sentence[] = [];
  const seen = new Set<string>();
  const occurrences = new Map<string, number>();
  const holders = new Map<string, number>();
  for (const [message, { role, content }] of messages.entries()) {
    await breathe();
    const ofMessage = new Set<string>();
    for (const [index, text] of sentencesOf(content).entries()) {
      const analysed = analyseText(text);
      for (const stem of analysed.stems) {
        occurrences.set(stem, (occurrences.get(stem) ?? 0) + 1);
        ofMessage.add(stem);
      }
      const stems = new Set(analysed.stems);
      const key = [...stems].join(" ");
      const tells = stems.size >= fewestStems && stems.size <= mostStems && analysed.language === language;
      if (!tells || seen.has(key) || sentences.length >= mostSentences) continue;
      seen.add(key);
      const place = placeOf(message, messages.length, index) * (weightOfRole[role] ?? 1);
      sentences.push({ message, text, stems, place });
    }
    for (const stem of ofMessage) holders.set(stem, (holders.get(stem) ?? 0) + 1);
  }

  const weights = new Map<string, number>();
  for (const [stem, count] of occurrences) {
    const rarity = Math.log(1 + messages.length / (holders.get(stem) ?? 1));
    weights.set(stem, Math.log(1 + count) * rarity * (/^\p{N}+$/u.test(stem) ? weightOfNumbers : 1));
  }
  const scoreOf = ({ stems, place }: Sentence): number => {
    let sum = 0;
    for (const stem of stems) sum += weights.get(stem) ?? 0;
    // By the root: neither the longest nor the shortest wins by its length.
    return (place * sum) / Math.sqrt(stems.size + 3);
  };

  const chosen = new Set<Sentence>();
  let left = mostTokens;
  for (;;) {
    await breathe();
    let best: Sentence | undefined;
    let bestScore = 0;
    for (const sentence of sentences) {
      if (chosen.has(sentence) || estimateTokens(sentence.text.length + 1) > left) continue;
      const score = scoreOf(sentence);
      if (score > bestScore) [best, bestScore] = [sentence, score];
    }
    if (!best) break;
    chosen.add(best);
    left -= estimateTokens(best.text.length + 1);
    for (const stem of best.stems) weights.set(stem, (weights.get(stem) ?? 0) * discount);
  }
  if (chosen.size === 0) return undefined;
  const inOrder = sentences.filter((sentence) => chosen.has(sentence));
  return {
    summary: inOrder.map(({ text }) => text).join(" "),
    sources: [...new Set(inOrder.map(({ message }) => messages[message]!.id))],
    language,
  };
};
