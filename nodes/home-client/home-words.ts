import { expandPhrase } from "../home/expand-phrase.ts";
import type { HomeLexicon, QuestionKey, ScopeKey } from "../home/home-lexicon.ts";
import { english } from "../home/lexicons/english.ts";
import { hebrew } from "../home/lexicons/hebrew.ts";
import { polish } from "../home/lexicons/polish.ts";
import { ukrainian } from "../home/lexicons/ukrainian.ts";
import { wordsOf } from "./same-word.ts";

/** Which of a language's small words a text has. */
export interface HomeWords {
  /** All of them, the whole house: no room needs to be named. */
  saysAll(text: string): boolean;
  asks(text: string, question: QuestionKey): boolean;
  /** Whether a word names nothing: articles, politeness, verbs of orders. */
  isSmall(word: string): boolean;
}

const setOf = (phrases: readonly string[]): ReadonlySet<string> =>
  new Set(phrases.flatMap(expandPhrase).map((phrase) => wordsOf(phrase).join(" ")));

const longestPhrase = 4;

const wordsFor = (lexicon: HomeLexicon): HomeWords => {
  const { scopes, questions, fillers, requests, relations, actions, particles } = lexicon;
  const small = new Set(
    [fillers, requests, ...[relations, scopes, actions, particles].flatMap((table) => Object.values(table))]
      .flat()
      .flatMap(expandPhrase)
      .flatMap(wordsOf),
  );
  const all = setOf((["all", "everywhere"] satisfies ScopeKey[]).flatMap((scope) => scopes[scope]));
  const asked = new Map<QuestionKey, ReadonlySet<string>>();
  for (const key of ["which", "where", "who", "howMany"] satisfies QuestionKey[]) asked.set(key, setOf(questions[key]));
  const has = (text: string, phrases: ReadonlySet<string>): boolean => {
    const words = wordsOf(text.slice(0, 500));
    for (let from = 0; from < words.length; from += 1)
      for (let to = from + 1; to <= Math.min(words.length, from + longestPhrase); to += 1)
        if (phrases.has(words.slice(from, to).join(" "))) return true;
    return false;
  };
  return {
    saysAll: (text) => has(text, all),
    isSmall: (word) => small.has(word),
    asks: (text, question) => has(text, asked.get(question) ?? new Set()),
  };
};

const lexicons = new Map([english, polish, ukrainian, hebrew].map((lexicon) => [lexicon.language, lexicon]));
const made = new Map<HomeLexicon, HomeWords>();

/** The small words that the home parser knows in a language (`pl`, `pl-PL`), made when it is first spoken; undefined for others. */
export const homeWordsIn = (language: string): HomeWords | undefined => {
  const lexicon = lexicons.get(language.slice(0, 2));
  if (lexicon === undefined) return undefined;
  const words = made.get(lexicon) ?? wordsFor(lexicon);
  made.set(lexicon, words);
  return words;
};
