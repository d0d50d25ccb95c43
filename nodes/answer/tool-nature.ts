import { foldText } from "../../platform/language/normalise-text.ts";
import type { ToolDeclaration } from "../../platform/models/model-gateway.ts";
import { type ActionFamily, familiesOf } from "../untrusted/action-families.ts";
import { isNoun, isWriting, readingDescriptions, readingVerbs, stateNouns, writingBehind } from "./tool-words.ts";

/** What a tool of a client does, as far as its name and description tell. */
export interface ToolNature {
  /** It changes something, or nothing says that it only reads. */
  readonly writes: boolean;
  readonly families: ReadonlySet<ActionFamily>;
  /** The words of its name. */
  readonly words: ReadonlySet<string>;
}

/** The words of an identifier: `HassTurnOn`, `send_email` and `mail.send` come apart at their joints. */
const nameWords = (name: string): string[] =>
  foldText(name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")).match(
    /[\p{L}]+/gu,
  ) ?? [];

type Verdict = "reads" | "writes" | undefined;

/**
 * A word that only ever writes decides wherever it stands. Behind a verb that only reads, what can be a noun is one
 * ("get_lock_state"), unless "and" joins it. Words that are nouns as well as reading verbs ("list", "status") count where
 * they open the name or end it, and where nothing that could write stands behind them.
 */
const verdictOf = (words: readonly string[], readsFirst: ReadonlySet<string>): Verdict => {
  if (words.some((word) => isWriting(word) && !isNoun(word))) return "writes";
  const joined = words.some((word, at) => isWriting(word) && /^(?:and|or|then)$/.test(words[at - 1] ?? ""));
  if (joined) return "writes";
  const at = words.findIndex((word) => readsFirst.has(word));
  const before = words.slice(0, at < 0 ? words.length : at);
  if (at >= 0) return before.some(isWriting) ? "writes" : "reads";
  return verdictOfNouns(words);
};

/** Nouns at the end that make what stands before them a thing that is asked about: "check_order_status". */
const endsAsThing = (words: readonly string[]): boolean => {
  const last = words.at(-1) ?? "";
  return stateNouns.has(last) || (/[^s]s$/.test(last) && last.length > 3);
};

const verdictOfNouns = (words: readonly string[]): Verdict => {
  const at = words.findIndex((word) => stateNouns.has(word) || writingBehind.has(word));
  if (at < 0) return words.some(isWriting) ? "writes" : undefined;
  const word = words[at] ?? "";
  const behind = words.slice(at + 1);
  if (behind.some((next) => writingBehind.get(word)?.has(next))) return "writes";
  const writing = words.filter((_, index) => index !== at).filter(isWriting);
  if (writing.length > 0) return endsAsThing(words) && at === 0 ? "reads" : statusOf(words);
  // "todo_list_items" and "order_status" are things to read; "vacuum_check_base" may be anything.
  return at === 0 || endsAsThing(words) ? "reads" : undefined;
};

/** "order_status" tells of an order; "status_order" and "list_open" may order and open. */
const statusOf = (words: readonly string[]): Verdict =>
  words.length > 1 && stateNouns.has(words.at(-1) ?? "") && words.at(-1) !== "list" ? "reads" : "writes";

/** Tells a reading tool from one that writes by its name, else by the first words of its description; unknown means writing. */
export const natureOf = ({ name, description = "" }: Pick<ToolDeclaration, "name" | "description">): ToolNature => {
  const words = nameWords(name);
  const opening =
    foldText(description.slice(0, 200))
      .match(/[\p{L}]+/gu)
      ?.slice(0, 4) ?? [];
  const verdict = verdictOf(words, readingVerbs) ?? describedAs(opening);
  const families = words.flatMap(familiesOf);
  return {
    writes: verdict !== "reads",
    families: new Set(
      families.length > 0 ? families : opening.slice(0, 2).flatMap((word) => familiesOf(word.replace(/s$/, ""))),
    ),
    words: new Set(words.filter((word) => word.length > 2)),
  };
};

const describedAs = (opening: readonly string[]): Verdict => {
  // "Returns the vacuum to its base" brings something back; "Returns the weather" tells.
  if (/^returns?$/.test(opening[0] ?? "")) return opening.includes("to") ? "writes" : "reads";
  return verdictOf(opening, readingDescriptions);
};
