import { coverSentence, lookUpWords } from "./cover-sentence.ts";
import type { Home, HomeContext, HomeEntity } from "./home.ts";
import type { ActionKey, HomeLexicon, NounKey, QuestionKey, RelationKey, ScopeKey, StateKey } from "./home-lexicon.ts";
import type { NameHit, NameIndex } from "./name-index.ts";
import type { PhraseIndex } from "./phrase-index.ts";
import { type Duration, type Quantity, readDurations, readQuantities } from "./read-quantities.ts";
import { has, hasGroup, isUnknown, keysOf, type Span } from "./span.ts";
import { longestSentence, tokeniseHomeText } from "./tokenise-home-text.ts";
import { controllableDomains } from "./vocabulary/kinds.ts";

/** What the rules read a sentence from. */
export interface Sentence {
  readonly text: string;
  readonly lexicon: HomeLexicon;
  readonly home: Home | undefined;
  readonly context: HomeContext;
  readonly spans: readonly Span[];
  /** How it asks; empty for an order. `mark` is a question by its question mark alone. */
  readonly questions: ReadonlySet<QuestionKey | "mark">;
  /** What its first verb may ask for. */
  readonly actions: ReadonlySet<ActionKey>;
  /** The span of that verb, -1 without one. */
  readonly actionAt: number;
  readonly quantities: readonly Quantity[];
  readonly durations: readonly Duration[];
  readonly negated: boolean;
  readonly conditional: boolean;
  startOf(span: number): number;
  endOf(span: number): number;
  /** The sentence's own letters from one span to before another. */
  textOf(from: number, to: number): string;
}

const politeGroups = ["request", "filler"];

const isProperName = ({ names }: Span): boolean => names.some(({ exact }) => exact);

const firstAction = (spans: readonly Span[]): number =>
  spans.findIndex(
    (span) => hasGroup(span, "action") && !has(span, "request:") && !span.names.some(({ exact }) => exact),
  );

/** The verb that says what to do: "put it on pause" pauses, whatever else "put" may mean. */
const orderAt = (spans: readonly Span[]): number => {
  const first = firstAction(spans);
  if (!has(spans[first], "action:change") && !has(spans[first], "action:remove")) return first;
  const held = spans.findIndex(
    (span, at) =>
      at > first && (has(span, "action:pause") || has(span, "action:resume")) && !span.names.some(({ exact }) => exact),
  );
  return held < 0 ? first : held;
};

const actionsOf = (spans: readonly Span[]): Set<ActionKey> =>
  new Set(keysOf<ActionKey>(spans[orderAt(spans)], "action"));

const readQuestions = (text: string, spans: readonly Span[]): Set<QuestionKey | "mark"> => {
  const actionAt = firstAction(spans);
  const requested = spans.findIndex((span) => has(span, "request:"));
  const polite = requested >= 0 && (actionAt < 0 || requested < actionAt);
  const questions = new Set<QuestionKey | "mark">();
  spans.forEach((span, at) => {
    if (actionAt >= 0 && at > actionAt) return;
    if (has(span, "request:")) return;
    // A verb that is also a question word (check, list) opens a question only by its longer phrase.
    if (at === actionAt && hasGroup(span, "action")) return;
    for (const key of keysOf<QuestionKey>(span, "question")) questions.add(key);
  });
  if (/[?？؟]\s*$/u.test(text) && !polite) questions.add("mark");
  return questions;
};

/** Whether a name can be meant where this is asked or ordered. */
const nameFilter = (asked: boolean, actions: ReadonlySet<ActionKey>) => {
  const vague = ["change", "add", "remove", "complete", "play", "increase", "decrease"] as const;
  const open = asked || actions.size === 0 || vague.some((action) => actions.has(action));
  return ({ named }: NameHit): boolean =>
    named.kind !== "entity" ||
    open ||
    controllableDomains.has(named.of.domain) ||
    named.of.domain === "todo" ||
    named.of.domain === "weather";
};

export interface ReadSentenceOptions {
  readonly lexicon: HomeLexicon;
  readonly index: { readonly written: PhraseIndex; readonly plain: PhraseIndex };
  readonly home?: Home;
  readonly names?: NameIndex;
  readonly context: HomeContext;
}

/** Reads what a sentence is made of; what it means is for the rules to say. Looks at 500 characters at most. */
export const readSentence = (written: string, options: ReadSentenceOptions): Sentence => {
  const { lexicon, index, home, names, context } = options;
  const text = written.slice(0, longestSentence).trim();
  const tokens = tokeniseHomeText(text);
  const words = lookUpWords(tokens, lexicon.gluedPrefixes);
  const phrases = words.plain ? index.plain : index.written;
  const bare = coverSentence(words, phrases, undefined, () => false);
  const asked = readQuestions(text, bare).size > 0;
  const spans = names ? coverSentence(words, phrases, names, nameFilter(asked, actionsOf(bare))) : bare;
  const quantities = readQuantities(spans);
  const startOf = (span: number) => tokens[spans[span]?.from ?? tokens.length]?.start ?? text.length;
  const endOf = (span: number) => (span < 0 ? 0 : (tokens[(spans[span]?.to ?? tokens.length) - 1]?.end ?? text.length));
  return {
    text,
    lexicon,
    home,
    context,
    spans,
    questions: readQuestions(text, spans),
    actions: actionsOf(spans),
    actionAt: orderAt(spans),
    quantities,
    durations: readDurations(spans, quantities, lexicon.relations.for),
    negated: spans.some((span) => has(span, "negation:") && !hasGroup(span, "state") && !isProperName(span)),
    conditional: spans.some((span) => has(span, "condition:") && !isProperName(span)),
    startOf,
    endOf,
    textOf: (from, to) => (to > from ? text.slice(startOf(from), endOf(to - 1)).trim() : ""),
  };
};

export const isQuestion = ({ questions }: Sentence): boolean => questions.size > 0;

/** Spans with a noun, but not those that are only part of a name. */
export const nounSpans = ({ spans }: Sentence, ...nouns: readonly NounKey[]): number[] =>
  spans.flatMap((span, at) => (nouns.some((noun) => has(span, `noun:${noun}`)) ? [at] : []));

export const hasNoun = (sentence: Sentence, ...nouns: readonly NounKey[]): boolean =>
  nounSpans(sentence, ...nouns).length > 0;

export const hasScope = ({ spans }: Sentence, scope: ScopeKey): boolean =>
  spans.some((span) => has(span, `scope:${scope}`));

export const statesOf = ({ spans }: Sentence): StateKey[] =>
  spans.flatMap((span) => (span.names.some(({ exact }) => exact) ? [] : keysOf<StateKey>(span, "state")));

/** Whether a small word of a kind stands right before a span, apart from it or glued to it. */
export const follows = (sentence: Sentence, at: number, relation: RelationKey): boolean => {
  const prefix = sentence.spans[at]?.prefix;
  if (prefix !== undefined && sentence.lexicon.relations[relation].includes(prefix)) return true;
  for (let before = at - 1; before >= 0; before -= 1) {
    const span = sentence.spans[before]!;
    if (has(span, `relation:${relation}`)) return true;
    if (!has(span, "filler:") && !has(span, "scope:all")) return false;
  }
  return false;
};

export const isFiller = (span: Span): boolean =>
  [...politeGroups, "relation", "question", "scope"].some((group) => hasGroup(span, group));

/** Words that mean nothing here, as written; neighbouring ones together. */
export const unknownWords = (sentence: Sentence): string[] => {
  const unknown: string[] = [];
  let from = -1;
  sentence.spans.forEach((span, at) => {
    if (isUnknown(span)) {
      if (from < 0) from = at;
    } else if (from >= 0) {
      unknown.push(sentence.textOf(from, at));
      from = -1;
    }
  });
  if (from >= 0) unknown.push(sentence.textOf(from, sentence.spans.length));
  return unknown;
};

export interface EntityMention {
  readonly at: number;
  readonly spelling: string;
  readonly exact: boolean;
  /** All that go by this name. */
  readonly entities: readonly HomeEntity[];
}

/** The entities that a sentence names, each with its place. A noun's place only counts as a name when it is one to the letter. */
export const entityMentions = (sentence: Sentence, allowed: (entity: HomeEntity) => boolean): EntityMention[] =>
  sentence.spans.flatMap((span, at) => {
    const hits = span.names.filter(({ named }) => named.kind === "entity" && allowed(named.of as HomeEntity));
    const best = hits.find(({ exact }) => exact) ?? hits[0];
    if (!best) return [];
    // "Rolety" may be one called Roleta or all of them: of what comes in numbers, one inflected word is the kind.
    const inNumbers =
      best.length === 1 && ["light", "switch", "fan", "cover", "lock"].includes((best.named.of as HomeEntity).domain);
    if (!best.exact && hasGroup(span, "noun") && inNumbers) return [];
    const entities = hits
      .filter(({ spelling, exact }) => spelling === best.spelling || exact === best.exact)
      .map(({ named }) => named.of as HomeEntity);
    return [{ at, spelling: best.spelling, exact: best.exact, entities }];
  });

export interface PlaceMention {
  readonly at: number;
  readonly spelling: string;
}

export const placeMentions = ({ spans }: Sentence, kind: "area" | "floor"): PlaceMention[] =>
  spans.flatMap((span, at) => {
    const hits = span.names.filter(({ named }) => named.kind === kind);
    const best = hits.find(({ exact }) => exact) ?? hits[0];
    return best ? [{ at, spelling: best.spelling }] : [];
  });
