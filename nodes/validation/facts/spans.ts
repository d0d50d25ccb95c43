import type { NumberQuantity } from "../text/quantity.ts";
import { daysOf } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import { localMoment } from "./days.ts";
import { tells } from "./match-numbers.ts";

/** Lengths of time that follow from known moments, times and days. */
export interface Spans {
  isSpan(claim: NumberQuantity): boolean;
  /** A part of a longer span: the 2 or the 15 of "2 h 15 min"; `factor` is the unit's seconds. */
  isPart(told: number, factor: number): boolean;
  /** A time of day that is a known one moved by a known length. */
  isMoved(minutes: readonly number[], slack: number): boolean;
}

const most = 60;

export const createSpans = (base: FactBase): Spans => {
  const unique = (values: readonly number[]): number[] => [...new Set(values)].filter(Number.isFinite).slice(0, most);
  const epochs = unique([
    base.now,
    ...base.moments.map(({ epoch }) => epoch),
    // A time of a text in UTC is a moment of today.
    ...base.facts.flatMap(({ atom }) =>
      atom.kind === "clock" && atom.offset === 0
        ? atom.minutes.map((minutes) => Date.parse(`${base.today}T00:00:00Z`) + minutes * 60_000)
        : [],
    ),
  ]);
  const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`);
  const days = unique([
    midnight(base.today),
    ...base.facts.flatMap(({ atom }) =>
      atom.kind === "date" && atom.month && atom.day ? daysOf(atom, base.today).map(midnight) : [],
    ),
    ...epochs.flatMap((epoch) =>
      base.zones.flatMap((zone) => {
        const day = localMoment(epoch, zone)?.day;
        return day === undefined ? [] : [midnight(day)];
      }),
    ),
  ]);
  // Times that a text tells of moments in the data may be in several zones: the moments themselves are compared.
  const dated = new Set(base.moments.flatMap(({ item, path }) => (path === "observed" ? [] : [item])));
  const clock = unique([
    ...base.facts.flatMap(({ atom, item }) => (atom.kind === "clock" && !dated.has(item) ? atom.minutes : [])),
  ]);
  const starts = unique([
    ...clock,
    ...epochs.flatMap((epoch) => base.zones.flatMap((zone) => localMoment(epoch, zone)?.minutes ?? [])),
  ]);
  const told = base.facts.flatMap(({ atom }) =>
    atom.kind === "number" && atom.unit?.dimension === "duration" ? [(atom.values[0] ?? 0) * atom.unit.factor] : [],
  );
  // Whole days leave a time as it is; months and years of an average length move it by chance.
  const moving = told.filter((span) => span < 172_800 || span % 86_400 === 0);
  const between = (values: readonly number[], scale: number): number[] =>
    values.flatMap((left) => values.flatMap((right) => (left > right ? [(left - right) * scale] : [])));
  const inDays = between(days, 0.001);
  const within = [...between(epochs, 0.001), ...between(clock, 60), ...zoneGaps(base), ...lengthGaps(base)];
  // Over midnight.
  const overnight = between(clock, 60).map((seconds) => 86_400 - seconds);
  const thisYear = Number(base.today.slice(0, 4));
  const ages = new Set(
    base.facts.flatMap(({ atom, path }) =>
      atom.kind === "number" && /(?:year|founded|built|released)$/i.test(path)
        ? [thisYear - (atom.values[0] ?? 0)]
        : [],
    ),
  );
  const years = unique(
    base.facts.flatMap(({ atom, from }) => {
      if (from === "said") return [];
      const year = atom.kind === "date" ? atom.year : atom.kind === "number" && !atom.unit ? atom.values[0] : undefined;
      return year !== undefined && Number.isInteger(year) && year > 1_000 && year < 2_100 ? [year] : [];
    }),
  );
  const betweenYears = between([...years, thisYear], 1);
  return {
    isSpan(claim) {
      const { unit, values, step, approximate } = claim;
      if (unit?.dimension !== "duration") return false;
      // "five years ago" of something of 2021.
      if (
        unit.id === "year" &&
        (ages.has(values[0] ?? 0) || betweenYears.some((span) => tells(claim, values[0] ?? 0, span)))
      )
        return true;
      const seconds = Math.abs(values[0] ?? 0) * unit.factor;
      const slack = Math.max(unit.factor * (approximate ? 0.6 : 0.5) * step, approximate ? seconds * 0.1 : 0) + 1;
      const spans = unit.factor >= 86_400 ? [...inDays, ...told] : [...within, ...overnight];
      return spans.some((span) => Math.abs(span - seconds) <= slack) || this.isPart(values[0] ?? 0, unit.factor);
    },
    isPart(value, factor) {
      const spans = [...told, ...within, ...overnight].filter((span) => span > 3_600 && span < 172_800);
      if (factor === 3_600) return spans.some((span) => Math.floor(span / 3_600) === value);
      return factor === 60 && spans.some((span) => Math.round((span % 3_600) / 60) === value);
    },
    isMoved(minutes, slack) {
      return moving.some((span) =>
        starts.some((start) =>
          minutes.some((claim) =>
            [start + span / 60, start - span / 60 + 1_440].some((end) => Math.abs((end % 1_440) - claim) <= slack),
          ),
        ),
      );
    },
  };
};

/** How far the clocks of the evidence's places are from the user's, in seconds. */
const zoneGaps = ({ zones, now }: FactBase): number[] => {
  const [home, ...others] = zones.map((zone) => {
    const local = localMoment(now, zone);
    return local && Date.parse(`${local.day}T00:00:00Z`) / 1_000 + local.minutes * 60;
  });
  return others.flatMap((other) => (home === undefined || other === undefined ? [] : [Math.abs(home - other)]));
};

/** By how much what one piece of evidence tells lasts longer than what another does, in seconds. */
const lengthGaps = ({ moments }: FactBase): number[] => {
  const byItem = new Map<number, number[]>();
  for (const { item, path, epoch } of moments)
    if (path !== "observed") byItem.set(item, [...(byItem.get(item) ?? []), epoch]);
  const lengths = [...byItem.values()]
    .filter(({ length }) => length === 2)
    .slice(0, 20)
    .map(([start = 0, end = 0]) => Math.abs(end - start) / 1_000);
  return lengths.flatMap((left) => lengths.flatMap((right) => (left > right ? [left - right] : [])));
};
