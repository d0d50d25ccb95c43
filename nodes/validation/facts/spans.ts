import type { NumberQuantity } from "../text/quantity.ts";
import { daysOf } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import { localMoment } from "./days.ts";

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
  const epochs = unique([base.now, ...base.moments.map(({ epoch }) => epoch)]);
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
  const clock = unique([
    ...base.facts.flatMap(({ atom }) => (atom.kind === "clock" ? atom.minutes : [])),
    ...epochs.flatMap((epoch) => base.zones.flatMap((zone) => localMoment(epoch, zone)?.minutes ?? [])),
  ]);
  const told = base.facts.flatMap(({ atom }) =>
    atom.kind === "number" && atom.unit?.dimension === "duration" ? [(atom.values[0] ?? 0) * atom.unit.factor] : [],
  );
  const between = (values: readonly number[], scale: number): number[] =>
    values.flatMap((left) => values.flatMap((right) => (left > right ? [(left - right) * scale] : [])));
  const inDays = between(days, 0.001);
  const within = [...between(epochs, 0.001), ...between(clock, 60)];
  // Over midnight.
  const overnight = between(clock, 60).map((seconds) => 86_400 - seconds);
  return {
    isSpan({ unit, values, step, approximate }) {
      if (unit?.dimension !== "duration") return false;
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
      return told.some((span) =>
        clock.some((start) =>
          minutes.some((claim) =>
            [start + span / 60, start - span / 60 + 1_440].some((end) => Math.abs((end % 1_440) - claim) <= slack),
          ),
        ),
      );
    },
  };
};
