import { askedDateTerms } from "../index/date-terms.ts";
import { hashTerm } from "../index/hash-term.ts";
import { languageOfWords } from "../index/language-of-words.ts";
import { splitWords } from "../index/split-words.ts";
import { stemWord } from "../index/stem-word.ts";
import { askingWords, stopWords } from "../index/stop-words.ts";

export interface AskedTerm {
  readonly hash: number;
  readonly stem: string;
  /** The word by the rules of the other language in Latin script, where those give something else. */
  readonly otherHash?: number;
  /** Dates are looked up as they are, never guessed. */
  readonly isWord: boolean;
}

export interface AskedTerms {
  /** Each once, in order. */
  readonly terms: readonly AskedTerm[];
  /** Stems that stand side by side. */
  readonly pairs: readonly (readonly [number, number])[];
}

const longestQuery = 20_000;
const mostTerms = 64;

/** What a query asks the index for: stems of the words that carry meaning, and dates. */
export const askTerms = (query: string): AskedTerms => {
  const text = query.slice(0, longestQuery).toWellFormed();
  const words = splitWords(text);
  const language = languageOfWords(words);
  const meaning = words.filter((word) => !stopWords[language].has(word));
  const asked = meaning.filter((word) => !askingWords[language].has(word));
  const chosen = asked.length > 0 ? asked : meaning;
  const other = language === "pl" ? "en" : "pl";

  const terms = new Map<number, AskedTerm>();
  const hashes: number[] = [];
  for (const word of chosen) {
    const stem = stemWord(word, language);
    const hash = hashTerm(stem);
    if (!terms.has(hash) && terms.size >= mostTerms) break;
    const otherHash = hashTerm(stemWord(word, other));
    terms.set(hash, { hash, stem, isWord: true, ...(otherHash === hash ? {} : { otherHash }) });
    hashes.push(hash);
  }
  for (const term of askedDateTerms(text).slice(0, 12)) {
    const hash = hashTerm(term);
    terms.set(hash, { hash, stem: term, isWord: false });
  }
  const pairs = new Map<string, readonly [number, number]>();
  for (let index = 1; index < hashes.length; index += 1) {
    const [left, right] = [hashes[index - 1]!, hashes[index]!];
    if (left !== right) pairs.set(`${left} ${right}`, [left, right]);
  }
  return { terms: [...terms.values()], pairs: [...pairs.values()] };
};
