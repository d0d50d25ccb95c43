import { foldText } from "./fold-text.ts";
import type { Recogniser, Span } from "./span.ts";

/**
 * Runs the recognisers over a text and merges what they find: spans of the original, in order, apart from each other.
 * Where two overlap the one that starts first wins, then the longer one, and the stretch covers both.
 * `alreadyFound` are spans of the original from elsewhere.
 * @throws {Error} when time is up or a recogniser fails; the caller must then let nothing out.
 */
export const findIdentifiers = (
  original: string,
  recognisers: readonly Recogniser[],
  budgetMs: number,
  alreadyFound: readonly Span[] = [],
): Span[] => {
  for (const recogniser of recognisers) recogniser.prepare?.();
  const check = createClock(budgetMs);
  const folded = foldText(original);
  const found: Span[] = [...alreadyFound];
  for (const recogniser of recognisers) {
    check();
    for (const { start, end, kind } of recogniser.find(folded.text, check)) {
      found.push({ start: folded.startOf(start), end: folded.endOf(end - 1), kind });
    }
  }
  check();
  return merge(found);
};

/** On a busy machine the clock on the wall runs on while others work; so much more of it is waited for at most. */
const patience = 4;
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** A check that throws once this thread has worked for `budgetMs`, or four times as long has passed. */
const createClock = (budgetMs: number): (() => void) => {
  const started = performance.now();
  const startedCpu = cpuMs();
  return () => {
    const passed = performance.now() - started;
    if (passed <= budgetMs) return;
    if (passed > patience * budgetMs || cpuMs() - startedCpu > budgetMs) {
      throw new Error("The recognisers ran out of time.");
    }
  };
};

const merge = (spans: Span[]): Span[] => {
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { ...last, end: span.end };
  }
  return merged;
};
