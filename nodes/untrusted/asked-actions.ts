import { foldText } from "../../platform/language/normalise-text.ts";
import { type ActionFamily, familiesOf, nounLike } from "./action-families.ts";
import { questionOpeners, taskVerbs } from "./instruction-words.ts";
import { isAskVerb, readForm } from "./question-forms.ts";
import { splitPassages } from "./split-passages.ts";

/** What the user's own words ask to be done. */
export interface AskedActions {
  /** Nothing but questions was asked: nothing may be changed. */
  readonly onlyAsks: boolean;
  /** Kinds of action that are asked for, and the words of the sentences that ask. */
  readonly families: ReadonlySet<ActionFamily>;
  readonly words: ReadonlySet<string>;
}

/** A name and a comma before what is said: "Athena, is it on". */
const addressed = /^\s*(\p{L}{2,24}),\s+(?=\p{L})/u;

const wordsIn = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+/gu) ?? [];

// What may stand before a verb that is a noun elsewhere: nothing, a conjunction, a courtesy, an auxiliary.
const beforeVerbs = new Set(
  "and then or please to you also just now not kindly can could would will i'll let's ll lets i we so but go".split(
    " ",
  ),
);

const tokensOf = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+|[,;:.–—-]/gu) ?? [];
const isWord = (token: string | undefined): boolean => token !== undefined && /[\p{L}\p{N}]/u.test(token);

/** The kinds of action that tokens name as verbs. */
const familiesIn = (tokens: readonly string[]): ActionFamily[] =>
  tokens.flatMap((token, index) => {
    const before = tokens[index - 1];
    const isVerb = before === undefined || !isWord(before) || beforeVerbs.has(before);
    return nounLike.has(token) && !isVerb ? [] : familiesOf(token);
  });

const conjunctions = new Set(
  foldText(
    "and then or but also so not tak nie так ні כן לא i oraz a potem następnie albo lub та і й потім або ואז או",
  ).split(" "),
);

/**
 * The part of a question that orders something: "check whether it is on, and turn it off". It begins with a verb behind a
 * comma or a conjunction, and nothing before it names an action, or the two belong together ("how to lock and unlock it").
 */
const orderIn = (tokens: readonly string[]): readonly string[] | undefined => {
  for (let at = 1; at < tokens.length; at += 1) {
    const token = tokens[at] ?? "";
    const before = tokens[at - 1] ?? "";
    if (isWord(before) ? !conjunctions.has(before) : !isWord(token)) continue;
    // Hebrew joins "and" to the verb, which `familiesOf` knows without it.
    const isVerb = (familiesOf(token).length > 0 || taskVerbs.has(token)) && !questionOpeners.has(token);
    if (isVerb && familiesIn(tokens.slice(0, at - 1)).length === 0) return tokens.slice(at);
  }
  return undefined;
};

interface ReadSentence {
  readonly asks: boolean;
  readonly families: readonly ActionFamily[];
  readonly words: readonly string[];
}

const question: ReadSentence = { asks: true, families: [], words: [] };
const isAction = (word: string): boolean => familiesOf(word).length > 0;

/**
 * A sentence is a question by its mark, by its first word, by wanting to be told something, or by naming a thing to be told
 * of; a request in the form of a question is none.
 */
const readSentence = (text: string): ReadSentence => {
  const folded = foldText(text).replace(addressed, (whole, name: string) =>
    isAction(name) || questionOpeners.has(name) || isAskVerb(name) ? whole : "",
  );
  const words = wordsIn(folded);
  const { asks, requests, rest } = readForm(words.join(" "), isAction);
  const [first = ""] = rest.split(" ");
  const tokens = tokensOf(folded);
  if (asks) {
    // Behind a question word a comma orders nothing; behind "check whether …" it may.
    const order = questionOpeners.has(first) ? undefined : orderIn(tokens.slice(1));
    return order === undefined ? question : { asks: false, families: familiesIn(order), words };
  }
  const marked = /[?？]["'”)\s]*$/u.test(text.slice(-6));
  // "Zgasisz światło?" asks by its first verb; "Is it on?" and "Czy …" do not.
  const startsWithAction = isAction(first) && !questionOpeners.has(first);
  if (marked && !requests && !startsWithAction) return question;
  return { asks: false, families: familiesIn(tokens), words };
};

/** Reads the user's own words: whether they only ask, and which kinds of action they ask for. En, pl, uk, he; linear in time. */
export const readAskedActions = (text: string): AskedActions => {
  // A question may carry its command behind a comma or "and": "Is it on? If not, turn it on."
  const sentences = splitPassages(text).map(({ text: sentence }) => readSentence(sentence));
  return {
    onlyAsks: sentences.length > 0 && sentences.every(({ asks }) => asks),
    families: new Set(sentences.flatMap(({ families }) => families)),
    words: new Set(sentences.flatMap(({ words }) => words).filter((word) => word.length > 2)),
  };
};

const affirmation =
  /^(?:yes|yeah|yep|sure|ok|okay|please do|do it|go ahead|of course|confirm\p{L}*|correct|right|tak|jasne|pewnie|dobrze|zgoda|potwierdzam|так|добре|авжеж|звісно|підтверджую|כן|בטח|בסדר|אישור|מאשר|מאשרת)(?![\p{L}])/u;

/**
 * The words that count as the user's own: the last message; with a short reply to a question of ours also what it replies to,
 * since "yes" and "tomorrow at eight" ask for nothing by themselves.
 */
export const ownWords = (messages: readonly { readonly role: string; readonly text: string }[]): string => {
  const at = messages.findLastIndex(({ role }) => role === "user");
  const last = messages[at]?.text ?? "";
  const before = messages.slice(0, Math.max(0, at)).filter(({ role }) => role === "user" || role === "assistant");
  const asked = before.at(-1);
  const folded = foldText(last).trim();
  const isReply = asked?.role === "assistant" && /[?？]\s*$/u.test(asked.text) && wordsIn(folded).length <= 8;
  if (!isReply || readSentence(last.replace(/[?？]\s*$/u, "")).asks) return last;
  const earlier = before.findLast(({ role }) => role === "user")?.text ?? "";
  const offered = affirmation.test(folded)
    ? (splitPassages(asked.text)
        .at(-1)
        ?.text.replace(/[?？]\s*$/u, ".") ?? "")
    : "";
  const offer = offered.replace(
    /^(?:shall|should|may|can|do you want me to|would you like me to|czy mam|mam|чи|האם)\s+(?:i\s+)?/iu,
    "",
  );
  return [earlier, offer, last.replace(/[?？]\s*$/u, "")].filter(Boolean).join("\n");
};
