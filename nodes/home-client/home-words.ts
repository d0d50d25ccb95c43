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
}

const setOf = (phrases: readonly string[]): ReadonlySet<string> =>
  new Set(phrases.flatMap(expandPhrase).map((phrase) => wordsOf(phrase).join(" ")));

const longestPhrase = 4;

const wordsFor = ({ scopes, questions }: HomeLexicon): HomeWords => {
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
    asks: (text, question) => has(text, asked.get(question) ?? new Set()),
  };
};

/** The small words of each language that the home parser knows. */
export const homeWords: ReadonlyMap<string, HomeWords> = new Map(
  [english, polish, ukrainian, hebrew].map((lexicon) => [lexicon.language, wordsFor(lexicon)]),
);
