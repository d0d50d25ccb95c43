import type { ActionKey } from "./home-lexicon.ts";
import type { Sentence } from "./read-sentence.ts";
import { has, hasGroup, isUnknown, keysOf, type Span } from "./span.ts";

/** What the words of a text say of how it is meant, whatever it is about. */
export interface HomeSigns {
  /** It asks, by its mark or by a word that does nothing else; "when" may set a condition. */
  readonly asked: boolean;
  /** Something in it is forbidden or excepted. */
  readonly negated: boolean;
  /** Something in it holds only if, when, until … */
  readonly conditional: boolean;
  /** What its verbs may ask for. */
  readonly actions: ReadonlySet<ActionKey>;
  /** Where its first verb, or the word that stands for one, begins; -1 without one. */
  readonly orderAt: number;
  /** Whether an order is what it begins with. */
  readonly opensWithOrder: boolean;
  /** Whether a question is what it begins with: "I was joking" has a question's word, but does not ask. */
  readonly opensWithQuestion: boolean;
  /** Words that mean nothing here, one by one. */
  readonly unknown: readonly string[];
}

const isNamed = (span: Span): boolean => span.names.some(({ exact }) => exact);
const isVerb = (span: Span): boolean => hasGroup(span, "action") && !isNamed(span);
const isSmall = (span: Span): boolean =>
  ["filler", "request", "relation", "scope"].some((group) => hasGroup(span, group)) && !isVerb(span);

/** "Dim it" orders; in "the light" and "light in the hall" the same kind of word is a thing. */
const isVerbHere = (spans: readonly Span[], verb: Span): boolean =>
  !hasGroup(verb, "noun") || (verb === spans[0] && spans.length > 1 && !hasGroup(spans[1], "relation"));

/** Whether a sentence begins with a condition; "when did" asks. */
export const opensWithCondition = ({ spans }: Sentence): boolean => {
  const first = spans.find((span) => !isSmall(span));
  return has(first, "condition:") && !hasGroup(first, "question") && !isNamed(first!);
};

/** Reads how a sentence is meant. */
export const readSigns = (sentence: Sentence): HomeSigns => {
  const { spans, negated, startOf, textOf } = sentence;
  const orderAt = spans.findIndex((span) => isVerb(span) || (hasGroup(span, "particle") && !isNamed(span)));
  const first = spans.find((span) => !isSmall(span));
  const opening = spans.find((span) => !has(span, "relation:and"));
  return {
    asked:
      sentence.questions.has("mark") ||
      (sentence.questions.size > 0 &&
        spans.some((span) => hasGroup(span, "question") && !has(span, "condition:") && !isVerb(span))),
    negated,
    conditional: spans.some((span) => has(span, "condition:") && !isNamed(span)),
    actions: new Set(spans.filter(isVerb).flatMap((span) => keysOf<ActionKey>(span, "action"))),
    orderAt: orderAt < 0 ? -1 : startOf(orderAt),
    opensWithOrder: first !== undefined && isVerb(first) && !hasGroup(first, "question") && isVerbHere(spans, first),
    opensWithQuestion: sentence.questions.has("mark") || (hasGroup(opening, "question") && !isVerb(opening!)),
    unknown: spans.flatMap((span, at) => (isUnknown(span) ? [textOf(at, at + 1)] : [])),
  };
};
