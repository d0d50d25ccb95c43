import type { Judged, SplitDeps } from "./judged.ts";
import type { Segment } from "./segment-text.ts";

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
export interface Reading<Value extends Judged> {
  readonly score: number;
  readonly before: Reading<Value> | undefined;
  /** The last part, by its stretches; none while only remarks or unwanted stretches have been read. */
  readonly part?: { readonly start: number; readonly end: number; readonly judged: Value };
  readonly step: "begin" | "part" | "inherited" | "dropped" | "remark";
  readonly at: number;
}

/**
 * The likeliest reading of a text's stretches, step by step; undefined when nothing in it is a part. Of each beginning of the
 * text only its best reading is kept, so the time grows with the number of stretches, not with that of the readings.
 */
export const readSegments = <Value extends Judged>(
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
      // Judging is what costs time: a stretch that could not win even when it left no doubt is not looked at.
      if (best && best.score > before.score + Math.max(0, cuts[start]!) + beforeCertainty) continue;
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
