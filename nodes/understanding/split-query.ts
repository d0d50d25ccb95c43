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
  /** How sure the classifier is of the text, also where a pattern has found its intent. */
  readonly likelihood: number;
}

export interface SplitPart<Value extends Judged> {
  readonly text: string;
  readonly judged: Value;
}

export interface SplitDeps<Value extends Judged> {
  readonly segmenter: Segmenter;
  readonly locale: string;
  judge(text: string): Value;
  /** What an elliptic part ("and in London") asks for, given the part before it; undefined when it is no such part. */
  inherit(text: string, previous: Value): Value | undefined;
  /** The same intent over a longer text: its slots may now be found in the words that were added. */
  extend(text: string, judged: Value): Value;
}

const mostParts = 5;
const mostSegments = 16;
const longestText = 600;

/**
 * Splits a query into its parts, in order, at most five. A stretch becomes a part of its own when it asks for something by
 * itself, or continues the part before it; otherwise it stays with its neighbour, so that "Simon and Garfunkel" is one.
 */
export const splitQuery = <Value extends Judged>(text: string, deps: SplitDeps<Value>): SplitPart<Value>[] => {
  const whole = (): SplitPart<Value>[] => [{ text: text.trim(), judged: deps.judge(text) }];
  // Quoted or introduced text ("Translate: …") is material, not a list of wishes; long texts are too.
  if (text.length > longestText || /:\s|["“”„«»`\n{}]/u.test(text)) return whole();
  const segments = deps.segmenter.segments(text, deps.locale);
  if (segments.length < 2 || segments.length > mostSegments) return whole();
  const groups: { start: number; end: number; judged: Value }[] = [];
  for (const segment of segments) {
    const last = groups.at(-1);
    const alone = deps.judge(segment.text);
    if (!last) {
      groups.push({ start: segment.start, end: segment.end, judged: alone });
      continue;
    }
    const isRoom = groups.length < mostParts;
    const inherited = isRoom && last.judged.isAsking ? deps.inherit(segment.text, last.judged) : undefined;
    if (inherited) groups.push({ start: segment.start, end: segment.end, judged: inherited });
    else if (isRoom && isSeparate(last, segment, alone, text, deps)) {
      groups.push({ start: segment.start, end: segment.end, judged: alone });
    } else {
      last.end = segment.end;
      last.judged = joined(text.slice(last.start, last.end).trim(), last.judged, alone, deps);
    }
  }
  return groups.length === 1 ? whole().map((part) => better(part, groups[0]!.judged)) : toParts(text, groups);
};

/** How much surer the classifier may be of two stretches joined by a mere "and" before they count as one. */
const slack = 0.05;

// "Tickets for Simon and Garfunkel": both halves may look like something, but together they look more so.
const isSeparate = <Value extends Judged>(
  last: { readonly start: number; readonly judged: Value },
  segment: Segment,
  alone: Value,
  text: string,
  deps: SplitDeps<Value>,
): boolean => {
  if (!alone.isOwnPart || !last.judged.isOwnPart) return false;
  if (segment.isMarked || alone.isCertain) return true;
  const together = deps.judge(text.slice(last.start, segment.end).trim());
  return (
    Math.min(last.judged.likelihood, alone.likelihood) + slack >= together.likelihood ||
    (alone.intent !== last.judged.intent && alone.likelihood >= together.likelihood)
  );
};

const joined = <Value extends Judged>(text: string, before: Value, added: Value, deps: SplitDeps<Value>): Value => {
  const together = deps.judge(text);
  if (together.isAsking) return together;
  // "I'm planning a trip, what's the weather in Paris": the stretch that asks speaks for the whole.
  if (before.isAsking) return deps.extend(text, before);
  return added.isAsking && added.isOwnPart ? deps.extend(text, added) : together;
};

const better = <Value extends Judged>(part: SplitPart<Value>, grouped: Value): SplitPart<Value> =>
  part.judged.isAsking || !grouped.isAsking ? part : { ...part, judged: grouped };

const toParts = <Value extends Judged>(
  text: string,
  groups: readonly { start: number; end: number; judged: Value }[],
): SplitPart<Value>[] => groups.map(({ start, end, judged }) => ({ text: text.slice(start, end).trim(), judged }));
