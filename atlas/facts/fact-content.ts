import { createHash } from "node:crypto";
import { analyseText } from "../index/analyse-text.ts";
import { hashTerm } from "../index/hash-term.ts";
import { splitWords } from "../index/split-words.ts";
import type { Statement } from "./reading/read-turn.ts";

/** What is compared and looked for of a statement. */
export interface FactContent {
  readonly sentence: string;
  readonly subject: string;
  readonly attribute: string | null;
  /** What only one fact can say at a time; of a sentence alone it is the content itself. */
  readonly slot: string;
  readonly contentKey: string;
  readonly terms: readonly number[];
}

/** What people are to the one who speaks: another's in a team is somebody else. */
const ofPerson =
  /^(?:self|sister|brother|mother|father|wife|husband|son|daughter|dog|cat|birthday|doctor|boss|car|home|address|anniversary)\b/;

/** Whether a subject is the one who speaks, or somebody or something of theirs. */
export const isOfPerson = (subject: string): boolean => ofPerson.test(subject);

export const hashOf = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 32);

/** Stems, or the words themselves where all are words of the grammar. */
const stemsOf = (text: string): readonly string[] => {
  const { stems } = analyseText(text);
  return stems.length > 0 ? stems : splitWords(text);
};

/** What a fact is found by: hashes of the stems of its sentence and of its subject's name, which is the same in every language. */
export const termsOf = (sentence: string, subject: string): readonly number[] => [
  ...new Set([...stemsOf(sentence), ...stemsOf(subject)].map(hashTerm)),
];

/**
 * The content of what `owner` stated. Sentences that say the same of the same subject have one key, and those that say
 * something else of it one slot.
 */
export const factContent = (statement: Statement, owner: string): FactContent => {
  const { sentence, subject, attribute, value, isSingle, isNegated } = statement;
  const terms = termsOf(sentence, subject);
  const whose = isOfPerson(subject) || subject === "" ? owner : null;
  if (attribute === undefined || value === undefined) {
    // Whole, because words of the grammar can make the difference: under, not.
    const contentKey = hashOf([whose, subject, attribute ?? null, splitWords(sentence)]);
    const slot = attribute === undefined || subject === "" ? contentKey : hashOf([whose, subject, attribute]);
    return { sentence, subject, attribute: attribute ?? null, slot, contentKey, terms };
  }
  const said = stemsOf(value);
  // Of what there may be several the value tells them apart, so that only its opposite takes its place.
  const place = isSingle ? [whose, subject, attribute] : [whose, subject, attribute, said];
  return {
    sentence,
    subject,
    attribute,
    slot: hashOf(place),
    contentKey: hashOf([...place, said, isNegated]),
    terms,
  };
};
