import type { Judged, SplitDeps, SplitPart } from "./judged.ts";
import { type Reading, readSegments } from "./read-segments.ts";
import type { Segment } from "./segment-text.ts";

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
  /** What stands behind the fifth part, or asks for something unknown behind what is not wanted; empty: nothing. */
  readonly beyond: string;
}

export const mostParts = 5;
const mostSegments = 24;
const longestText = 2_000;
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

const toSplit = <Value extends Judged>(
  text: string,
  segments: readonly Segment[],
  steps: readonly Reading<Value>[],
  deps: SplitDeps<Value>,
): SplitText<Value> => {
  const parts: { start: number; end: number; judged: Value; isWider: boolean }[] = [];
  const dropped: string[] = [];
  const unanswered: string[] = [];
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
      // Behind what is not wanted it belongs to nothing; a request among it is named rather than lost.
      else if (last && isRequest(text, segments[at - 1]!, deps)) unanswered.push(segments[at - 1]!.text);
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
    beyond: sixth ? text.slice(segments[sixth.start]!.start).trim() : unanswered.join("; "),
  };
};

/** Whether a stretch begins like a request, or is joined like one ("and then"). */
const isRequest = <Value extends Judged>(
  text: string,
  { start, separator, isNegated }: Segment,
  deps: SplitDeps<Value>,
) => !isNegated && (/\p{L}\s+\p{L}|[;.?!\n]/u.test(separator) || deps.openings(text.slice(start)) >= 1);

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
