import { wordsOf } from "../../../platform/language/normalise-text.ts";
import { createSentenceSplitter } from "../../../platform/language/sentences.ts";

const empty: ReadonlySet<string> = new Set(
  `the was and for are but not all any has had his her its our you who how why when what which about known were does have been that this with from when where will would could should there their them they
   than then into over your ours more most some such very also only just like wiadomo czego ktore ktory ktora jakie jaki jaka
   jest byly bylo przez oraz tego temu tylko bardzo kiedy gdzie`.split(/\s+/),
);

/** Words that carry a subject, cut to their first five letters, so that inflected forms meet. */
export const stemsOf = (text: string): ReadonlySet<string> =>
  new Set(
    wordsOf(text)
      .filter((word) => word.length > 2 && !empty.has(word))
      .map((word) => word.slice(0, 5)),
  );

/** The sentences of a text, without blank ones, Markdown's headings and the marks of its lists. */
export const sentencesOf = (text: string): readonly string[] => {
  const splitter = createSentenceSplitter();
  const said = text.replace(/^#{1,6} .*$/gm, "").replace(/^\s*[-*•]\s+/gm, "");
  return [...splitter.push(said), ...splitter.end()]
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter((sentence) => /\p{L}{2}/u.test(sentence));
};

const longestSentence = 400;

/** Whether a sentence is hardly more than the words that ask: the request itself, found in its conversation. */
const repeats = (sentence: string, subject: string): boolean =>
  subject.length > 20 &&
  sentence.length < subject.length + 60 &&
  sentence.toLowerCase().includes(subject.toLowerCase().replace(/[.?!]+$/, ""));

/**
 * The sentences of a text that bear on a question, best first: those that share a word with its subject, the more words of the
 * question the better. None is longer than 400 characters.
 */
export const pickSentences = (text: string, question: string, subject: string, most: number): readonly string[] => {
  const wanted = stemsOf(question);
  const about = stemsOf(subject);
  const shared = (stems: ReadonlySet<string>, others: ReadonlySet<string>): number =>
    [...stems].filter((stem) => others.has(stem)).length;
  // A short text that was found by its meaning may name its subject in its title only.
  const isWhole = shared(stemsOf(text), about) > 0;
  return sentencesOf(text)
    .filter((sentence) => sentence.length <= longestSentence && !/\?["'”)]*$/.test(sentence))
    .filter((sentence) => !repeats(sentence, subject))
    .map((sentence, index) => {
      const stems = stemsOf(sentence);
      return { sentence, index, score: shared(stems, wanted) + shared(stems, about) * 2 };
    })
    .filter(({ score, index }) => score > 0 || (isWhole && index === 0))
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .slice(0, most)
    .map(({ sentence }) => sentence);
};
