import { type Figure, figuresOf } from "./figures.ts";
import { conversionsInto } from "./units.ts";

/** What an answer's figures are checked against: built once per query, then asked for each sentence. */
export interface Ground {
  /** The first figure of a text that nothing supports, as it is written; undefined when all are supported. */
  unsupported(text: string): string | undefined;
}

/**
 * Collects every figure of the evidence (texts and data, at any depth) and of what the user said. A figure of an answer is
 * supported when it equals one of them, rounds one of them, or converts one of them between common units. Figures up to
 * ten that only count things, and citation marks, need no support.
 */
export const groundOf = (texts: readonly string[], data: readonly unknown[]): Ground => {
  const known = new Set<number>();
  const add = (value: number) => {
    if (!Number.isFinite(value)) return;
    known.add(Math.abs(value));
  };
  for (const text of texts) for (const figure of figuresOf(text)) figure.values.forEach(add);
  for (const item of data) collect(item, add, 0);
  const sorted = [...known].sort((left, right) => left - right);
  return {
    unsupported(text) {
      const withoutMarks = text
        .replace(/\[(?:e?\d+)(?:\s*,\s*e?\d+)*\]/g, " ")
        .replace(/^[ \t]*\d{1,2}[.)](?=\s)/gm, " ");
      return figuresOf(withoutMarks).find((figure) => !isSupported(figure, known, sorted))?.written;
    },
  };
};

const collect = (value: unknown, add: (value: number) => void, depth: number): void => {
  if (depth > 8) return;
  if (typeof value === "number") add(value);
  else if (typeof value === "string") for (const figure of figuresOf(value)) figure.values.forEach(add);
  else if (Array.isArray(value)) {
    add(value.length);
    for (const item of value) collect(item, add, depth + 1);
  } else if (value !== null && typeof value === "object")
    for (const item of Object.values(value)) collect(item, add, depth + 1);
};

const isSupported = (figure: Figure, known: ReadonlySet<number>, sorted: readonly number[]): boolean =>
  figure.values.some((value) => {
    if (known.has(value)) return true;
    if (Number.isInteger(value) && value <= 10 && figure.unit === undefined) return true;
    const step = 10 ** -figure.decimals;
    if (roundsOne(value, step, sorted)) return true;
    return sorted.some((source) =>
      conversionsInto(figure.unit, source).some((converted) => rounds(Math.abs(converted), value, step)),
    );
  });

const rounds = (source: number, value: number, step: number): boolean => Math.abs(source - value) <= step / 2 + 1e-9;

/** Whether some known figure rounds to the value: binary search for the nearest one. */
const roundsOne = (value: number, step: number, sorted: readonly number[]): boolean => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value - step / 2 - 1e-9) low = middle + 1;
    else high = middle;
  }
  const nearest = sorted[low];
  return nearest !== undefined && rounds(nearest, value, step);
};
