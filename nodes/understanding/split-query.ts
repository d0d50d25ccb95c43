import type { RequestOpenings } from "./request-openings.ts";
import type { Segment, Segmenter } from "./segment-text.ts";

/** What a stretch of text asks for, as far as splitting needs to know. */
export interface Judged {
  readonly intent: string;
  readonly confidence: number;
  /** Whether it may stand as a part of its own beside others. */
  readonly isOwnPart: boolean;
  /** Whether its wording leaves no doubt (a pattern). */
  readonly isCertain: boolean;
  /** Whether it asks for something at all; a text that does not is small talk or a fragment. */
  readonly isAsking: boolean;
  /** Whether it is said around a request rather than being one ("hi"). */
  readonly isCourtesy: boolean;
  /** How sure the classifier is of the text, also where a pattern has found its intent. */
  readonly likelihood: number;
}

export interface SplitPart<Value extends Judged> {
  readonly text: string;
  readonly judged: Value;
}

/** A place where the text might have been split, and what was decided. */
export interface SplitPlace {
  /** What stands there: "and", ", but not". */
  readonly separator: string;
  readonly outcome: "split" | "inherited" | "dropped" | "joined";
}

export interface SplitText<Value extends Judged> {
  readonly parts: readonly SplitPart<Value>[];
  readonly places: readonly SplitPlace[];
  /** Stretches that the text says are not wanted. */
  readonly dropped: readonly string[];
  /** What stands behind the fifth part; empty: nothing. */
  readonly beyond: string;
}

export interface SplitDeps<Value extends Judged> {
  readonly segmenter: Segmenter;
  readonly locale: string;
  readonly openings: RequestOpenings;
  judge(text: string): Value;
  /** What an elliptic part ("and in London") asks for, given the part before it; undefined when it is no such part. */
  inherit(text: string, previous: SplitPart<Value>): Value | undefined;
  /** The same intent over a longer text: its slots may now be found in the words that were added. */
  extend(text: string, judged: Value): Value;
}

export const mostParts = 5;
const mostSegments = 24;
const longestText = 2_000;
/** Longest part, in stretches: more than this many separators inside one request are rare, and every length costs time. */
const widestPart = (segments: number): number => (segments > 10 ? 3 : 6);

// What speaks for and against a cut, in natural logarithms of odds.
const anyCut = 0.5;
const afterMark = 2;
/** "And then", "as well as": words joined by more than one word are rarely parts of a name. */
const afterWords = 1.5;
const beforeCertainty = 2;
const leastChance = 0.002;
/** "News, but not sports": what is not wanted seldom belongs to the words of a request; "coffee without sugar" does. */
const negationInside = -2;
const remark = -1.5;
const courtesy = -0.1;
/** An elliptic part always fits the words around it better than any other reading. */
const ellipsis = 1;
const unlikely = -6;

/** The best reading of the stretches before a place: how it ends, and what went before. */
interface Reading<Value extends Judged> {
  readonly score: number;
  readonly before: Reading<Value> | undefined;
  /** The last part, by its stretches; none while only remarks or unwanted stretches have been read. */
  readonly part?: { readonly start: number; readonly end: number; readonly judged: Value };
  readonly step: "begin" | "part" | "inherited" | "dropped" | "remark";
  readonly at: number;
}

/**
 * Splits a query into its parts, in order, at most five: of all ways to cut it at its separators the likeliest one. A stretch
 * becomes a part of its own when it asks for something by itself and begins like a request, or continues the part before it;
 * otherwise it stays with its neighbour, so that "Simon and Garfunkel" is one. What the text says is not wanted is dropped.
 */
export const splitQuery = <Value extends Judged>(text: string, deps: SplitDeps<Value>): SplitText<Value> => {
  const whole = (places: readonly SplitPlace[] = []): SplitText<Value> => ({
    parts: [{ text: text.trim(), judged: deps.judge(text) }],
    places,
    dropped: [],
    beyond: "",
  });
  // Quoted text is material, not a list of wishes; long texts are too.
  if (text.length > longestText || /["“”„«»`{}]/u.test(text)) return whole();
  const segments = withoutMaterial(text, deps.segmenter.segments(text, deps.locale), deps);
  if (segments.length < 2 || segments.length > mostSegments) return whole();
  const read = readSegments(text, segments, deps);
  return read ? toSplit(text, segments, read, deps) : whole();
};

/** "Translate: A, and B": what stands behind a colon is material, unless the words before it ask for something. */
const withoutMaterial = <Value extends Judged>(
  text: string,
  segments: readonly Segment[],
  deps: SplitDeps<Value>,
): readonly Segment[] => {
  for (const [index, segment] of segments.entries()) {
    const colon = segment.text.search(/:\s|:$/u);
    if (colon < 0 || deps.judge(segment.text.slice(0, colon)).isAsking) continue;
    const { start } = segment;
    return [...segments.slice(0, index), { ...segment, text: text.slice(start).trim(), end: text.length }];
  }
  return segments;
};

const readSegments = <Value extends Judged>(
  text: string,
  segments: readonly Segment[],
  deps: SplitDeps<Value>,
): readonly Reading<Value>[] | undefined => {
  const cuts = segments.map((segment, index) => (index === 0 ? 0 : cutScore(text, segment, deps)));
  const readings: Reading<Value>[] = [{ score: 0, before: undefined, step: "begin", at: 0 }];
  for (let end = 1; end <= segments.length; end += 1) {
    let best: Reading<Value> | undefined;
    const offer = (reading: Reading<Value> | undefined) => {
      if (reading && (!best || reading.score > best.score)) best = reading;
    };
    for (let start = end - 1; start >= Math.max(0, end - widestPart(segments.length)); start -= 1) {
      const before = readings[start];
      if (!before) continue;
      const stretch = text.slice(segments[start]!.start, segments[end - 1]!.end).trim();
      offer(asPart(before, stretch, start, end, segments, cuts[start]!, deps));
      if (end - start <= 2) offer(asInherited(before, text, stretch, start, end, segments, cuts[start]!, deps));
      if (end - start === 1) {
        offer(asDropped(before, text, stretch, start, segments, deps));
        offer(asRemark(before, stretch, start, segments, deps));
      }
    }
    readings[end] = best ?? { ...readings[end - 1]!, score: unlikely * 10, at: end };
  }
  const last = readings[segments.length]!;
  return last.part ? path(last) : undefined;
};

const cutScore = <Value extends Judged>(text: string, segment: Segment, deps: SplitDeps<Value>): number =>
  anyCut +
  (/[;.?!\n]/.test(segment.separator) ? afterMark : /\p{L}\s+\p{L}/u.test(segment.separator) ? afterWords : 0) +
  deps.openings(text.slice(segment.start));

/** The words up to the place where the reading's last part ends. */
const textOf = <Value extends Judged>(text: string, reading: Reading<Value>, segments: readonly Segment[]): string =>
  reading.part ? text.slice(segments[reading.part.start]!.start, segments[reading.part.end - 1]!.end).trim() : "";

const asPart = <Value extends Judged>(
  before: Reading<Value>,
  stretch: string,
  start: number,
  end: number,
  segments: readonly Segment[],
  cut: number,
  deps: SplitDeps<Value>,
): Reading<Value> | undefined => {
  const isWhole = start === 0 && end === segments.length;
  if (segments[start]!.isNegated && !isWhole) return undefined;
  const judged = deps.judge(stretch);
  if (!judged.isOwnPart && !isWhole) return undefined;
  const chance = judged.isCertain ? 1 : judged.isAsking || judged.isOwnPart ? judged.likelihood : leastChance;
  const hasNegation = segments
    .slice(start + 1, end)
    .some((segment) => segment.isNegated && /[\s,]/.test(segment.separator));
  const score =
    before.score +
    Math.log(Math.max(leastChance, chance)) +
    (hasNegation && !judged.isCertain ? negationInside : 0) +
    (before.part === undefined ? 0 : cut + (judged.isCertain ? beforeCertainty : 0));
  return { score, before, part: { start, end, judged }, step: "part", at: end };
};

const asInherited = <Value extends Judged>(
  before: Reading<Value>,
  text: string,
  stretch: string,
  start: number,
  end: number,
  segments: readonly Segment[],
  cut: number,
  deps: SplitDeps<Value>,
): Reading<Value> | undefined => {
  if (!before.part?.judged.isAsking || segments[start]!.isNegated) return undefined;
  const judged = deps.inherit(stretch, { text: textOf(text, before, segments), judged: before.part.judged });
  if (!judged) return undefined;
  // Better than the same words on their own, unless those leave no doubt.
  const score = before.score + ellipsis + Math.max(0, cut);
  return { score, before, part: { start, end, judged }, step: "inherited", at: end };
};

const asDropped = <Value extends Judged>(
  before: Reading<Value>,
  text: string,
  stretch: string,
  start: number,
  segments: readonly Segment[],
  deps: SplitDeps<Value>,
): Reading<Value> | undefined => {
  // "But not the news and sports": the "and" goes on with what is not wanted, "and what time is it" does not.
  const goesOn =
    before.step === "dropped" && !/[,;.?!\n]/.test(segments[start]!.separator) && deps.openings(stretch) < 1;
  if (!segments[start]!.isNegated && !goesOn) return undefined;
  const judged = deps.judge(stretch);
  const asks = judged.isAsking && !judged.isCourtesy;
  const last = before.part;
  const isElliptic =
    last?.judged.isAsking && deps.inherit(stretch, { text: textOf(text, before, segments), judged: last.judged });
  if (!asks && !isElliptic) return undefined;
  return {
    score: before.score + ellipsis,
    before,
    step: "dropped",
    at: start + 1,
    ...(last ? { part: last } : {}),
  };
};

/** "I'm planning a trip, what's the weather in Paris": what asks for nothing goes with what does. */
const asRemark = <Value extends Judged>(
  before: Reading<Value>,
  stretch: string,
  start: number,
  segments: readonly Segment[],
  deps: SplitDeps<Value>,
): Reading<Value> | undefined => {
  const judged = deps.judge(stretch);
  if (judged.isOwnPart || (segments[start]!.isNegated && before.part === undefined)) return undefined;
  const score = before.score + (judged.isCourtesy ? courtesy : remark);
  return { score, before, step: "remark", at: start + 1, ...(before.part ? { part: before.part } : {}) };
};

const path = <Value extends Judged>(last: Reading<Value>): readonly Reading<Value>[] => {
  const steps: Reading<Value>[] = [];
  for (let reading: Reading<Value> | undefined = last; reading?.before; reading = reading.before)
    steps.unshift(reading);
  return steps;
};

const toSplit = <Value extends Judged>(
  text: string,
  segments: readonly Segment[],
  steps: readonly Reading<Value>[],
  deps: SplitDeps<Value>,
): SplitText<Value> => {
  const parts: { start: number; end: number; judged: Value; isWider: boolean }[] = [];
  const dropped: string[] = [];
  let remarkFrom = -1;
  for (const { step, part, at } of steps) {
    if (step === "dropped") dropped.push(segments[at - 1]!.text);
    else if (step === "remark") {
      const last = parts.at(-1);
      if (last && last.end === at - 1) {
        last.end = at;
        // "News, but not sports" asks for no news about "but not sports".
        last.isWider ||= !segments[at - 1]!.isNegated;
      } else if (!last && remarkFrom < 0) remarkFrom = at - 1;
    } else if (part) {
      const start = remarkFrom < 0 ? part.start : remarkFrom;
      parts.push({ start, end: part.end, judged: part.judged, isWider: remarkFrom >= 0 });
      remarkFrom = -1;
    }
  }
  const taken = parts.slice(0, mostParts).map(({ start, end, judged, isWider }) => {
    const words = text.slice(segments[start]!.start, segments[end - 1]!.end).trim();
    return { text: words, judged: isWider ? deps.extend(words, judged) : judged };
  });
  const sixth = parts[mostParts];
  return {
    parts: taken,
    places: placesOf(segments, steps),
    dropped,
    beyond: sixth ? text.slice(segments[sixth.start]!.start).trim() : "",
  };
};

const outcomes = {
  part: "split",
  inherited: "inherited",
  dropped: "dropped",
  remark: "joined",
  begin: "joined",
} as const;

const placesOf = <Value extends Judged>(
  segments: readonly Segment[],
  steps: readonly Reading<Value>[],
): readonly SplitPlace[] =>
  segments.flatMap(({ separator }, index): SplitPlace[] => {
    if (separator === "") return [];
    const step = steps.find((reading) => (reading.before?.at ?? 0) === index);
    const isFirst = step?.step === "part" && step.before?.part === undefined;
    return [{ separator, outcome: step && !isFirst ? outcomes[step.step] : "joined" }];
  });
