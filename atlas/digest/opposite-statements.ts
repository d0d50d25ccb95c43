import { createSentenceSplitter } from "../../platform/language/sentences.ts";
import { analyseText } from "../index/analyse-text.ts";
import type { TextLanguage } from "../index/languages.ts";
import { splitWords } from "../index/split-words.ts";
import { createBreather } from "../recall/breather.ts";
import type { DigestMessage } from "./digest-source.ts";

export interface Statement {
  readonly message: DigestMessage;
  readonly sentence: string;
}

/** Two sentences of the same words, of which one denies: the older first. */
export type Opposites = readonly [Statement, Statement];

const mostCharacters = 4_000;
const fewestStems = 2;
const mostStems = 12;
const mostFound = 10;

const negations: Readonly<Record<TextLanguage, RegExp>> = {
  en: /^(?:no|not|never|cannot|\p{L}+n't)$/u,
  pl: /^(?:nie|nigdy)$/,
  uk: /^(?:не|ні|ніколи|немає)$/,
  he: /^(?:לא|אין|אינו|אינה|אינם|אף)$/,
};

const sentencesOf = (text: string): string[] => {
  const splitter = createSentenceSplitter();
  return [...splitter.push(text.slice(0, mostCharacters)), ...splitter.end()].map((sentence) => sentence.trim());
};

/**
 * Pairs of statements of different messages that say the same words, one with a negation and one without. Questions are none.
 * Few of the many ways in which people contradict each other, but sure ones. Others get their turn in between.
 * @throws the signal's reason
 */
export const findOpposites = async (
  messages: readonly DigestMessage[],
  signal?: AbortSignal,
): Promise<readonly Opposites[]> => {
  const breathe = createBreather(signal);
  const said = new Map<string, { denied?: Statement; affirmed?: Statement }>();
  const found: Opposites[] = [];
  for (const message of messages.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime())) {
    await breathe();
    for (const sentence of sentencesOf(message.content)) {
      if (sentence.includes("?")) continue;
      const { language, stems } = analyseText(sentence);
      const isNegation = (word: string): boolean => negations[language].test(word);
      const words = splitWords(sentence);
      const content = [...new Set(stems.filter((stem) => !isNegation(stem)))].sort();
      if (content.length < fewestStems || content.length > mostStems) continue;
      const denials = words.filter(isNegation).length;
      if (denials > 1) continue;
      const side = denials === 1 ? "denied" : "affirmed";
      const other = side === "denied" ? "affirmed" : "denied";
      const key = `${language} ${content.join(" ")}`;
      const before = said.get(key) ?? {};
      const statement = { message, sentence };
      const opposite = before[other];
      if (opposite && opposite.message.id !== message.id && before[side] === undefined && found.length < mostFound) {
        found.push([opposite, statement]);
      }
      said.set(key, { ...before, [side]: statement });
    }
  }
  return found;
};
