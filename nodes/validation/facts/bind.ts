import { claimGroups, conceptsAt } from "../text/concepts.ts";
import { contentStem } from "../text/content-words.ts";
import type { DateQuantity, Quantity } from "../text/quantity.ts";
import { type ReadText, readQuantities } from "../text/read-quantities.ts";
import type { Token } from "../text/tokens.ts";
import { addDays, dayOf, weekdayOf } from "./days.ts";

/** What a figure or word is said of: the names, days and labels that stand with it. */
export interface Labels {
  readonly names: ReadonlySet<string>;
  readonly days: ReadonlySet<string>;
  /** Stems of the words that stand in the same part of the sentence. */
  readonly words: ReadonlySet<string>;
  /** Stem of what is counted or measured: the word behind the figure ("43 stations", "a two-day strike"). */
  readonly noun?: string | undefined;
  /** Group → concepts. */
  readonly concepts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A word of a closed class that itself claims something ("locked", "green"). */
export interface ConceptMention {
  readonly kind: "concept";
  readonly group: string;
  readonly id: string;
  readonly written: string;
  readonly from: number;
  readonly to: number;
}

export type Atom = (Quantity | ConceptMention) & { readonly labels: Labels };

export interface BoundText extends ReadText {
  readonly atoms: readonly Atom[];
}

/** Names at tokens: keys that tell entities apart. */
export type NamesAt = (tokens: readonly Token[]) => ReadonlyMap<number, readonly string[]>;

const breaks = new Set(
  ', ; ( ) [ ] ? ! … — – | • * " “ ” and or but while whereas with against versus i oraz a ale lub natomiast zaś wobec і й та або але тоді проти לעומת אבל או ואילו'.split(
    " ",
  ),
);
const mostLabelWords = 12;
const respectively = new Set(["respectively", "odpowiednio", "відповідно", "בהתאמה"]);
const noWords: ReadonlySet<string> = new Set();
const empty: Labels = { names: new Set(), days: new Set(), words: noWords, concepts: new Map() };

interface Mention {
  readonly isAside?: boolean;
  readonly at: number;
  readonly group: string;
  readonly value: string;
}

/** The days that a date may mean, as `yyyy-mm-dd`: a weekday without a date the nearest ones, a date without a year this year's and its neighbours'. */
export const daysOf = (date: DateQuantity, today: string): string[] => {
  if (date.relative !== undefined) return [addDays(today, date.relative)];
  if (date.month !== undefined && date.day !== undefined) {
    const year = Number(today.slice(0, 4));
    const years = date.year === undefined ? [year - 1, year, year + 1] : [date.year];
    const pairs = date.swappable
      ? [
          [date.month, date.day],
          [date.day, date.month],
        ]
      : [[date.month, date.day]];
    return years.flatMap((each) => pairs.flatMap(([month = 1, day = 1]) => dayOf(each, month, day) ?? []));
  }
  if (date.weekday === undefined) return [];
  const ahead = (date.weekday - weekdayOf(today) + 7) % 7;
  return [-14, -7, 0, 7, 14].map((weeks) => addDays(today, ahead + weeks));
};

/** "Friday 7 August": of the years that a date without one may be of, those in which it is that day of the week. */
const daysMeant = (date: DateQuantity & Quantity, before: Quantity | undefined, today: string): string[] => {
  const days = daysOf(date, today);
  if (before?.kind !== "date" || before.weekday === undefined || date.from - before.to > 1) return days;
  const meant = date.day === undefined ? [] : days.filter((day) => weekdayOf(day) === before.weekday);
  return meant.length > 0 ? meant : days;
};

const daysBetween = (first: DateQuantity, last: DateQuantity, today: string): string[] => {
  if (first.weekday !== undefined && last.weekday !== undefined) {
    const length = (last.weekday - first.weekday + 7) % 7;
    return Array.from({ length: Math.max(0, length - 1) }, (_, index) => ({
      weekday: ((first.weekday ?? 0) + index + 1) % 7,
    })).flatMap(({ weekday }) => daysOf({ kind: "date", weekday }, today));
  }
  const [from] = daysOf(first, today);
  const to = daysOf(last, today).find((day) => from !== undefined && day > from);
  const between: string[] = [];
  for (let day = from; day !== undefined && to !== undefined && day < to && between.length < 31; day = addDays(day, 1))
    between.push(day);
  return between;
};

const later = /^(?:later|afterwards|after|później|potem|po|пізніше|потому|опісля|після|אחר|אחרי|לאחר|מאוחר)$/u;

const isAhead = ({ from }: Quantity, tokens: readonly Token[]): boolean =>
  /^(?:in|after|za|за|через|בעוד|כעבור)$/.test(tokens[from - 1]?.lower ?? "");

/** How many days a length of time moves on: "two days later", "tydzień później". */
const daysLater = (quantity: Quantity, tokens: readonly Token[]): number | undefined => {
  if (quantity.kind !== "number" || quantity.unit?.dimension !== "duration" || quantity.unit.factor < 86_400)
    return undefined;
  const days = ((quantity.values[0] ?? 0) * quantity.unit.factor) / 86_400;
  const isLater = later.test(tokens[quantity.to]?.lower ?? "") || isAhead(quantity, tokens);
  return isLater && days <= 366 ? Math.round(days) : undefined;
};

/** Whether two weekdays stand beside each other in a list. */
const isListed = (first: Quantity | undefined, next: Quantity | undefined, tokens: readonly Token[]): boolean =>
  first?.kind === "date" &&
  next?.kind === "date" &&
  first.weekday !== undefined &&
  next.weekday !== undefined &&
  first.day === undefined &&
  next.day === undefined &&
  next.from - first.to <= 2 &&
  tokens.slice(first.to, next.from).every(({ lower }) => /^(?:,|and|i|oraz|та|і|й|ו|-)$/.test(lower)) &&
  !tokens.slice(first.to, next.from).every(({ text }) => text === "-");

/** What a thing is compared with or set against: it is not what the sentence goes on about. */
const asideWords = new Set("than against versus vs niż przeciw przeciwko ніж проти מאשר לעומת נגד".split(" "));

/**
 * Reads a text and says of each figure, date and claiming word what it is said of: what stands in its own part of the sentence
 * (the nearest label of a group counts), else the last that was named before in the sentence.
 */
export const bindText = (text: string, today: string, namesAt: NamesAt): BoundText => {
  const read = readQuantities(text);
  const { tokens, quantities } = read;
  const names = namesAt(tokens);
  const mentions: Mention[] = [];
  const claims: ConceptMention[] = [];
  const segments = new Int32Array(tokens.length + 1);
  const sentences = new Int32Array(tokens.length + 1);
  const inQuantity = new Uint8Array(tokens.length + 1);
  for (const { kind, from, to } of quantities) inQuantity.fill(kind === "number" ? 1 : 2, from, to);
  const starts = new Set(quantities.map(({ from }) => from));
  const segmentWords = new Map<number, Set<string>>();
  const wordsOf = (key: number): Set<string> => {
    const known = segmentWords.get(key) ?? new Set<string>();
    segmentWords.set(key, known);
    return known;
  };
  let segment = 0;
  let sentence = 0;
  let isRespective = false;
  let hasFigure = false;
  let isUsed = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (inQuantity[at] !== 0) {
      // "three today and one tomorrow"
      if (hasFigure && starts.has(at) && /^ו[א-ת]/.test(token.lower)) {
        segment += 1;
        isUsed = false;
      }
      hasFigure ||= inQuantity[at] === 1;
      // The number of a section tells nothing.
      isUsed ||= wordsOf(segment).size > 0;
    } else {
      const before = segment;
      const next = tokens[at + 1];
      const endsSentence = /^[.!?]$/.test(token.text) && (next === undefined || next.start > token.end);
      if (endsSentence) sentence += 1;
      // "14:15 — Anna": what a dash puts behind a figure belongs to it.
      const explains = /^[–—]$/.test(token.text) && at > 0 && inQuantity[at - 1] !== 0;
      if (endsSentence || (breaks.has(token.lower) && !explains) || (token.text === ":" && next?.start !== token.end))
        segment += 1;
      else if (hasFigure && /^ו(?!חצי|רבע)[א-ת]{0,3}/.test(token.lower)) segment += 1;
      if (segment !== before) {
        // "Express — 40": what stands before a dash or colon without a figure of its own is what follows is told of.
        if (!isUsed && !endsSentence && /^[–—:-]$/.test(token.text) && wordsOf(before).size <= mostLabelWords)
          segmentWords.set(segment, new Set(wordsOf(before)));
        hasFigure = false;
        isUsed = false;
      }
      if (respectively.has(token.lower)) isRespective = true;
      const stem = token.kind === "word" ? contentStem(token.lower) : undefined;
      if (stem !== undefined) wordsOf(segment).add(stem);
      const isAside = asideWords.has(tokens[at - 1]?.lower ?? "");
      for (const key of names.get(at) ?? []) mentions.push({ at, group: "name", value: key, isAside });
      const found = conceptsAt(tokens, at);
      for (const concept of found?.concepts ?? []) {
        mentions.push({ at, group: concept.group, value: concept.id });
        if (claimGroups.has(concept.group))
          claims.push({ kind: "concept", ...concept, written: token.text, from: at, to: at + (found?.length ?? 1) });
      }
    }
    segments[at] = segment;
    sentences[at] = sentence;
  }
  for (const [index, quantity] of quantities.entries())
    if (quantity.kind === "date")
      for (const day of daysMeant(quantity, quantities[index - 1], today)) {
        const isAside = asideWords.has(tokens[quantity.from - 1]?.lower ?? "");
        mentions.push({ at: quantity.from, group: "day", value: day, isAside });
      }
  // "on Monday, and two days later …": the day is counted from the last that was named.
  for (const [index, quantity] of quantities.entries()) {
    const days = daysLater(quantity, tokens);
    const before = days === undefined ? undefined : quantities.slice(0, index).findLast(({ kind }) => kind === "date");
    if (days === undefined || before?.kind !== "date") continue;
    // "in two days" may be counted from today as well.
    for (const day of [...daysOf(before, today), ...(isAhead(quantity, tokens) ? [today] : [])])
      mentions.push({ at: quantity.from, group: "day", value: addDays(day, days) });
  }
  // "Tuesday to Sunday" are all the days between.
  for (const [index, first] of quantities.entries()) {
    const last = quantities[index + 1];
    if (first.kind !== "date" || last?.kind !== "date" || last.from - first.to !== 1) continue;
    if (!/^(?:to|through|till|until|-|–|—|do|po|до|по|עד)$/.test(tokens[first.to]?.lower ?? "")) continue;
    for (const day of daysBetween(first, last, today))
      for (const at of [first.from, last.from]) mentions.push({ at, group: "day", value: day });
  }
  // "Mondays, Wednesdays and Fridays": what follows holds for each.
  for (let index = 0; index < quantities.length; index += 1) {
    let last = index;
    while (isListed(quantities[last], quantities[last + 1], tokens) && last - index < 6) last += 1;
    const run = quantities.slice(index, last + 1);
    for (const day of run.length > 1 ? run.flatMap((each) => (each.kind === "date" ? daysOf(each, today) : [])) : [])
      for (const { from } of run) mentions.push({ at: from, group: "day", value: day });
    index = last;
  }
  mentions.sort((left, right) => left.at - right.at);
  const figures = quantities.filter(({ kind }) => kind !== "date").map(({ from }) => from);
  const labels = createLabels(mentions, figures, segments, sentences, isRespective);
  const atoms = [...quantities, ...claims]
    .sort((left, right) => left.from - right.from)
    .map((atom): Atom => {
      const words = segmentWords.get(segments[atom.from] ?? 0) ?? noWords;
      const noun =
        atom.kind === "number" && !atom.isReference && !isOfCode(tokens, atom.from)
          ? nounBehind(tokens, atom.to, inQuantity)
          : undefined;
      return { ...atom, labels: { ...labels(atom.from), words, noun } };
    });
  return { ...read, atoms };
};

/** Whether a figure is part of a name ("web-04"). */
const isOfCode = (tokens: readonly Token[], at: number): boolean =>
  tokens[at - 1]?.text === "-" &&
  tokens[at - 1]?.end === tokens[at]?.start &&
  tokens[at - 2]?.end === tokens[at - 1]?.start &&
  (tokens[at - 2]?.text.length ?? 0) > 2;

/** The word that a figure counts: the first behind it that means something, unless another figure or part begins before. */
const nounBehind = (tokens: readonly Token[], from: number, inQuantity: Uint8Array): string | undefined => {
  // "Episode five of season three": what stands behind "of" is not counted.
  if (tokens[from]?.lower === "of") return undefined;
  for (let at = from; at < from + 3; at += 1) {
    const token = tokens[at];
    if (token === undefined || inQuantity[at] !== 0 || breaks.has(token.lower)) return undefined;
    if (token.kind === "mark" && token.text !== "-") return undefined;
    const stem = token.kind === "word" ? contentStem(token.lower) : undefined;
    if (stem !== undefined) return stem;
  }
  return undefined;
};

/** Groups whose last word goes on holding for what follows in the sentence, until a figure has used it up. */
const lasting = new Set(["leg", "measure", "range", "sun", "session", "timing", "percentile"]);

/** Labels for a place in the text: of its own part first, else the last ones before it in the sentence. */
const createLabels = (
  mentions: readonly Mention[],
  figures: readonly number[],
  segments: Int32Array,
  sentences: Int32Array,
  isRespective: boolean,
) => {
  const bySegment = new Map<number, Mention[]>();
  const add = (key: number, mention: Mention) => {
    const list = bySegment.get(key);
    if (list) list.push(mention);
    else bySegment.set(key, [mention]);
  };
  for (const mention of mentions) add(segments[mention.at] ?? 0, mention);
  const withFigure = new Map(figures.map((at) => [segments[at] ?? 0, at] as const));
  const keys = [...new Set([...bySegment.keys(), ...withFigure.keys()])].sort((left, right) => left - right);
  const inherited = new Map<number, ReadonlyMap<string, readonly Mention[]>>();
  let running = new Map<string, readonly Mention[]>();
  let sentence = -1;
  for (const key of keys) {
    const own = bySegment.get(key) ?? [];
    const at = own[0]?.at ?? withFigure.get(key) ?? 0;
    if (sentences[at] !== sentence) running = new Map();
    // A new leg of a journey has its own place.
    else if (own.some(({ group }) => group === "leg"))
      running = new Map([...running].filter(([group]) => group !== "name" && group !== "day"));
    // "…, and two days later …": another day has its own subject.
    else if (running.has("day") && own.some(({ group }) => group === "day"))
      running = new Map([...running].filter(([group]) => group !== "name"));
    sentence = sentences[at] ?? 0;
    inherited.set(key, running);
    running = new Map(running);
    const groups = new Map<string, Mention[]>();
    for (const mention of own) groups.set(mention.group, [...(groups.get(mention.group) ?? []).slice(-20), mention]);
    for (const [group, list] of groups) {
      const lead = list.filter(({ isAside }) => !isAside);
      if (lead.length > 0) running.set(group, lead);
    }
    if (withFigure.has(key)) for (const group of lasting) running.delete(group);
  }
  return (at: number): Labels => {
    const key = segments[at] ?? 0;
    const own = (bySegment.get(key) ?? []).slice(0, 200);
    const before = inherited.get(key) ?? new Map<string, readonly Mention[]>();
    const groups = new Set([...own.map(({ group }) => group), ...before.keys()]);
    if (groups.size === 0) return empty;
    const names = new Set<string>();
    const days = new Set<string>();
    const concepts = new Map<string, ReadonlySet<string>>();
    for (const group of groups) {
      const inOwn = own.filter((mention) => mention.group === group);
      const used = inOwn.length > 0 ? inOwn : (before.get(group) ?? []);
      const target = group === "name" ? names : group === "day" ? days : undefined;
      if (target) {
        if (!isRespective) for (const { value } of used) target.add(value);
      } else if (inOwn.length > 0 || lasting.has(group)) {
        const nearest = Math.min(...used.map((mention) => Math.abs(mention.at - at)));
        // Of what an earlier part named all may be meant.
        const values = used
          .filter((mention) => inOwn.length === 0 || Math.abs(mention.at - at) === nearest)
          .map(({ value }) => value);
        concepts.set(group, new Set(values));
      }
    }
    return { names, days, concepts, words: noWords };
  };
};
