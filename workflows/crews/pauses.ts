/** A time in which somebody was waited for, in milliseconds since 1970. */
export interface Pause {
  readonly from: number;
  readonly to: number;
}

/** Time that all pauses cover together: what passes in two of them at once passes once. Milliseconds. */
export const pausedMs = (pauses: readonly Pause[]): number => {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of pauses.toSorted((left, right) => left.from - right.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
};
