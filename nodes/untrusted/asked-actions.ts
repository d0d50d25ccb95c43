import { foldText } from "../../platform/language/normalise-text.ts";
import { type ActionFamily, familiesOf, nounLike } from "./action-families.ts";
import { questionOpeners } from "./instruction-words.ts";
import { splitPassages } from "./split-passages.ts";

/** What the user's own words ask to be done. */
export interface AskedActions {
  /** Nothing but questions was asked: nothing may be changed. */
  readonly onlyAsks: boolean;
  /** Kinds of action that are asked for, and the words of the sentences that ask. */
  readonly families: ReadonlySet<ActionFamily>;
  readonly words: ReadonlySet<string>;
}

const wordsIn = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+/gu) ?? [];

const politeRequest =
  /^(?:and |so |please |hey |ok |okay )?(?:can|could|would|will|won t|can t|couldn t) (?:you|u|we|i have|i get) (?!tell|say|explain|show|see|know|describe|remember what)|^(?:would|do) you mind |^(?:why don t you|how about|what about) (?:you )?\p{L}+ing|^why don t you |^(?:i want|i need|i d like|i would like|let s|let us) |^(?:prosze |hej )?(?:czy )?(?:mozesz|moglbys|moglabys|mozecie|zechcesz|mozna|mogl bys|bylbys|dasz rade) |^(?:чи )?(?:можеш|можете|міг би|могла б|могли б|можна) |^(?:האם )?(?:תוכל|תוכלי|תוכלו|אתה יכול|את יכולה|אפשר|ניתן) /u;

// What may stand before a verb that is a noun elsewhere: nothing, a conjunction, a courtesy, an auxiliary.
const beforeVerbs = new Set(
  "and then or please to you also just now not kindly can could would will i'll let's ll lets i we so but go".split(
    " ",
  ),
);

/** The kinds of action that the words of a sentence name as verbs. */
const familiesIn = (folded: string): ActionFamily[] => {
  const tokens = folded.match(/[\p{L}\p{N}]+|[,;:.–—-]/gu) ?? [];
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1];
    const isVerb = before === undefined || !/[\p{L}\p{N}]/u.test(before) || beforeVerbs.has(before);
    return nounLike.has(token) && !isVerb ? [] : familiesOf(token);
  });
};

/** A sentence is a question by its mark or its first word; a request in the form of a question is none. */
const readSentence = (text: string): { asks: boolean; families: ActionFamily[]; words: string[] } => {
  const folded = foldText(text);
  const words = wordsIn(folded);
  const plain = words.join(" ");
  const isPolite = politeRequest.test(plain);
  const families = familiesIn(folded);
  const marked = /[?？]["'”)\s]*$/u.test(text.slice(-6));
  // "Zgasisz światło?" asks by its first verb; "Is it on?" and "Czy …" do not.
  const startsWithAction = familiesOf(words[0] ?? "").length > 0 && !questionOpeners.has(words[0] ?? "");
  const asks = (marked || questionOpeners.has(words[0] ?? "")) && !isPolite && !startsWithAction;
  return { asks, families: asks ? [] : families, words: asks ? [] : words };
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
  if (!isReply || questionOpeners.has(wordsIn(folded)[0] ?? "")) return last;
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
