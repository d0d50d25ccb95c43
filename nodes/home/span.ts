import type { NameHit } from "./name-index.ts";
import type { Reading } from "./phrase-index.ts";

/** A stretch of a sentence with everything it may mean; without readings and names it is an unknown word. */
export interface Span {
  /** Token numbers, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly readings: ReadonlySet<Reading>;
  readonly names: readonly NameHit[];
  /** What a digit token says. */
  readonly digits?: number;
  /** A glued prefix that was taken off the first word. */
  readonly prefix?: string;
}

export const has = (span: Span | undefined, reading: Reading): boolean => span?.readings.has(reading) ?? false;

export const hasGroup = (span: Span | undefined, group: string): boolean => {
  if (span) for (const reading of span.readings) if (reading.startsWith(`${group}:`)) return true;
  return false;
};

/** The keys of one group: `keysOf(span, "noun")` → `["light"]`. */
export const keysOf = <Key extends string>(span: Span | undefined, group: string): Key[] => {
  const keys: Key[] = [];
  if (span)
    for (const reading of span.readings)
      if (reading.startsWith(`${group}:`)) keys.push(reading.slice(group.length + 1) as Key);
  return keys;
};

export const isUnknown = (span: Span): boolean =>
  span.readings.size === 0 && span.names.length === 0 && span.digits === undefined;
