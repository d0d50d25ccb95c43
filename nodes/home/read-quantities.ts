import type { UnitKey } from "./home-lexicon.ts";
import { has, hasGroup, keysOf, type Span } from "./span.ts";

/** A number with its unit. Span numbers, `to` excluded. */
export interface Quantity {
  readonly value: number;
  readonly unit?: UnitKey;
  readonly from: number;
  readonly to: number;
}

/** A length of time in the parts it was said in. Span numbers, `to` excluded. */
export interface Duration {
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly from: number;
  readonly to: number;
}

const timeUnits = { hour: "hours", minute: "minutes", second: "seconds" } as const;
const isTimeUnit = (unit: UnitKey | undefined): unit is keyof typeof timeUnits =>
  unit !== undefined && unit in timeUnits;

/** The number that begins at a span, in digits or words, and where it ends. */
const numberAt = (spans: readonly Span[], at: number): { readonly value: number; readonly to: number } | undefined => {
  const first = spans[at];
  if (!first) return undefined;
  if (first.digits !== undefined) return { value: first.digits, to: at + 1 };
  const wordValue = (span: Span | undefined): number | undefined => {
    const keys = keysOf(span, "number");
    return keys.length > 0 ? Number(keys[0]) : undefined;
  };
  let total = wordValue(first);
  if (total === undefined) return undefined;
  let to = at + 1;
  for (let next = wordValue(spans[to]); next !== undefined; next = wordValue(spans[to])) {
    if (next === 100 && total > 0 && total < 10) total *= 100;
    else if ((total >= 100 && next < 100) || (total >= 20 && total < 100 && total % 10 === 0 && next < 10))
      total += next;
    else break;
    to += 1;
  }
  return { value: total, to };
};

const unitAt = (spans: readonly Span[], at: number): UnitKey | undefined => keysOf<UnitKey>(spans[at], "unit")[0];

/** Every number of a sentence; "a" and "one" only count before a unit. */
export const readQuantities = (spans: readonly Span[]): Quantity[] => {
  const quantities: Quantity[] = [];
  for (let at = 0; at < spans.length; ) {
    const half = has(spans[at], "half:") ? unitAt(spans, at + 1) : undefined;
    if (half) {
      quantities.push({ value: 0.5, unit: half, from: at, to: at + 2 });
      at += 2;
      continue;
    }
    const number = numberAt(spans, at);
    if (!number) {
      at += 1;
      continue;
    }
    let { value, to } = number;
    const decimals = has(spans[to], "point:") ? numberAt(spans, to + 1) : undefined;
    if (decimals && Number.isInteger(value) && Number.isInteger(decimals.value)) {
      value = Number(`${value}.${decimals.value}`);
      to = decimals.to;
    }
    if (has(spans[to], "half:")) {
      value += 0.5;
      to += 1;
    }
    const unit = unitAt(spans, to);
    if (unit) to += 1;
    else if (has(spans[to], "half:")) to += 1;
    // five minutes and a half
    if (unit && has(spans[to], "half:") && !unitAt(spans, to + 1)) {
      value += 0.5;
      to += 1;
    }
    const isArticle = value === 1 && spans[at]!.digits === undefined && unit === undefined;
    if (!isArticle) quantities.push({ value, from: at, to, ...(unit ? { unit } : {}) });
    at = to;
  }
  return quantities;
};

/** 1.5 hours → one hour and thirty minutes; whole numbers stay as they were said. */
const partsOf = (value: number, unit: keyof typeof timeUnits): Pick<Duration, "hours" | "minutes" | "seconds"> => {
  if (Number.isInteger(value)) return { [timeUnits[unit]]: value };
  const whole = Math.floor(value);
  const rest = Math.round((value - whole) * 60);
  if (unit === "hour") return { ...(whole ? { hours: whole } : {}), minutes: rest };
  if (unit === "minute") return { ...(whole ? { minutes: whole } : {}), seconds: rest };
  return { seconds: Math.round(value) };
};

const fromSeconds = (seconds: number): Pick<Duration, "hours" | "minutes" | "seconds"> => {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = seconds % 60;
  return { ...(hours ? { hours } : {}), ...(minutes ? { minutes } : {}), ...(rest ? { seconds: rest } : {}) };
};

/**
 * Lengths of time, neighbouring parts joined: an hour, ten minutes and five seconds.
 * `gluedBefore` are the prefixes that announce a length where they are written together with it.
 */
export const readDurations = (
  spans: readonly Span[],
  quantities: readonly Quantity[],
  gluedBefore: readonly string[] = [],
): Duration[] => {
  const parts: Duration[] = [];
  for (const { value, unit, from, to } of quantities)
    if (isTimeUnit(unit)) parts.push({ ...partsOf(value, unit), from, to });
  spans.forEach((span, at) => {
    const length = keysOf(span, "length")[0];
    if (length !== undefined) parts.push({ ...fromSeconds(Number(length)), from: at, to: at + 1 });
    // A unit alone is one of it where a length is expected: na godzinę.
    const unit = unitAt(spans, at);
    const free = !quantities.some(({ from, to }) => at >= from && at < to) && length === undefined;
    const expected =
      (span.prefix !== undefined && gluedBefore.includes(span.prefix)) ||
      ["add", "remove", "increase", "decrease"].some((verb) =>
        has(spans[at - 1], `action:${verb}` as `action:${string}`),
      ) ||
      has(spans[at - 1], "relation:for") ||
      has(spans[at - 1], "relation:by") ||
      has(spans[at - 1], "relation:after") ||
      has(spans[at + 1], "noun:timer");
    if (free && expected && isTimeUnit(unit) && !hasGroup(span, "filler"))
      parts.push({ ...partsOf(1, unit), from: at, to: at + 1 });
  });
  parts.sort((one, other) => one.from - other.from);
  const joined: Duration[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const gap = last ? spans.slice(last.to, part.from) : [];
    const follows = last && gap.length <= 1 && gap.every((span) => has(span, "relation:and") || has(span, "filler:"));
    const fresh =
      last &&
      (["hours", "minutes", "seconds"] as const).every((key) => last[key] === undefined || part[key] === undefined);
    if (follows && fresh) joined[joined.length - 1] = { ...last, ...part, from: last.from, to: part.to };
    else joined.push(part);
  }
  return joined;
};

/** Hours, minutes and seconds as slots, with `start_` before them for the length that tells which timer is meant. */
export const durationSlots = (duration: Duration | undefined, prefix: "" | "start_" = ""): Record<string, number> => {
  const slots: Record<string, number> = {};
  for (const key of ["hours", "minutes", "seconds"] as const) {
    const value = duration?.[key];
    if (value !== undefined) slots[`${prefix}${key}`] = value;
  }
  return slots;
};
