import type { Atom, BoundText } from "./facts/bind.ts";
import { daysOf } from "./facts/bind.ts";
import { createChangeCheck } from "./facts/changes.ts";
import type { FactBase } from "./facts/collect-facts.ts";
import { createSupport } from "./facts/conflict.ts";
import { weekdayOf } from "./facts/days.ts";
import { createDialCheck } from "./facts/dialled.ts";
import { createNumberCheck } from "./facts/number-check.ts";
import { createTimeCheck } from "./facts/time-check.ts";

/** Finds the first figure, time or date of a sentence that nothing known supports. Built once per query. */
export interface FigureCheck {
  /** Its words; undefined when all are supported. */
  firstUnsupported(bound: BoundText): string | undefined;
}

export const createFigureCheck = (base: FactBase): FigureCheck => {
  const support = createSupport([
    ...base.facts,
    ...base.moments.map((moment) => ({ ...moment, from: "data" as const })),
  ]);
  const numberFits = createNumberCheck(base, support);
  const { clockFits, dateFits } = createTimeCheck(base, support);
  const reversed = createChangeCheck(base.facts, base.changes);
  const dialled = createDialCheck(base.dialled);
  const fits = (atom: Atom, bound: BoundText): boolean => {
    if (atom.kind === "number") return numberFits(atom, bound);
    if (atom.kind === "clock") return clockFits(atom, bound);
    return atom.kind === "date" ? dateFits(atom, bound) : true;
  };
  return {
    firstUnsupported(bound) {
      // What is asked is not told.
      if (bound.tokens.findLast(({ text }) => /[\p{L}\p{N}?!.？]/u.test(text))?.text === "?") return undefined;
      const { known, wrong } = dialled(bound);
      const isDialled = ({ from, to }: Atom) => known.some((each) => from >= each.from && to <= each.to);
      return (
        wrong ??
        bound.atoms.find((atom) => !isDialled(atom) && !fits(atom, bound))?.written ??
        reversed(bound) ??
        inconsistentDay(bound, base)
      );
    },
  };
};

type DateAtom = Extract<Atom, { kind: "date" }>;
const twoDays = /^(?:than|and|or|to|till|until|niż|i|oraz|lub|do|ніж|і|й|та|або|до|ו|או|מאשר|עד)$/;

/** A weekday beside a date that is another day of the week. */
const inconsistentDay = ({ atoms, tokens }: BoundText, { today, knownDays }: FactBase): string | undefined => {
  const dates = atoms.filter((atom) => atom.kind === "date");
  for (const [index, atom] of dates.entries()) {
    const next = dates[index + 1];
    if (next === undefined || (atom.weekday === undefined) === (next.weekday === undefined)) continue;
    if (next.from - atom.to > 1 && !isExplained(atom, next, dates[index + 2], tokens)) continue;
    // "warmer on Monday than tomorrow" are two days.
    if (twoDays.test(tokens[atom.to]?.lower ?? "")) continue;
    const [weekday, date] = atom.weekday === undefined ? [next.weekday, atom] : [atom.weekday, next];
    const days = daysOf(date, today);
    if (days.length === 0) continue;
    // Without a year the evidence's year is meant, else the nearest one.
    const known = days.filter((day) => knownDays.has(day));
    const meant = known.length > 0 ? known : [nearest(days, today)];
    if (!meant.some((day) => weekdayOf(day) === weekday)) return `${atom.written} ${next.written}`;
  }
  return undefined;
};

const appositive = /^(?:,|\(|on|w|we|у|в|во|the)$/;

/** "tomorrow, on Thursday, …": a day that is said again by its name, and no list of days. */
const isExplained = (
  day: DateAtom,
  again: DateAtom,
  other: DateAtom | undefined,
  tokens: BoundText["tokens"],
): boolean =>
  day.relative !== undefined &&
  again.from - day.to <= 3 &&
  /^[,(]$/.test(tokens[day.to]?.text ?? "") &&
  tokens.slice(day.to, again.from).every(({ lower }) => appositive.test(lower)) &&
  (other === undefined || other.from - again.to > 3) &&
  /^[,).:]$/.test(tokens[again.to]?.text ?? ".");

const nearest = (days: readonly string[], today: string): string => {
  const distance = (day: string) => Math.abs(Date.parse(day) - Date.parse(today));
  return days.reduce((best, day) => (distance(day) < distance(best) ? day : best));
};
