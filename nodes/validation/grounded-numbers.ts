import type { Atom, BoundText } from "./facts/bind.ts";
import { daysOf } from "./facts/bind.ts";
import type { FactBase } from "./facts/collect-facts.ts";
import { conflicts } from "./facts/conflict.ts";
import { localMoment, weekdayOf } from "./facts/days.ts";
import { createDerived } from "./facts/derived.ts";
import type { Fact } from "./facts/fact.ts";
import { compareNumbers } from "./facts/match-numbers.ts";
import type { ClockQuantity, DateQuantity } from "./text/quantity.ts";

type Told<Kind> = Extract<Atom, { kind: Kind }>;

/** Finds the first figure, time or date of a sentence that nothing known supports. Built once per query. */
export interface FigureCheck {
  /** Its words and why, for the model; undefined when all are supported. */
  firstUnsupported(bound: BoundText): string | undefined;
}

export const createFigureCheck = (base: FactBase): FigureCheck => {
  const numbers = base.facts.filter((fact): fact is Fact & { atom: Told<"number"> } => fact.atom.kind === "number");
  const clocks = base.facts.filter((fact): fact is Fact & { atom: Told<"clock"> } => fact.atom.kind === "clock");
  const dates = base.facts.filter((fact): fact is Fact & { atom: Told<"date"> } => fact.atom.kind === "date");
  const derived = createDerived(base, numbers);
  const currencies = new Set(numbers.flatMap(({ atom }) => (atom.unit?.dimension === "money" ? [atom.unit.id] : [])));
  // Names that facts of each kind are closest to: whoever is one of them has figures of his own.
  const peers = new Map<string, Set<string>>();
  const peerKey = ({ atom }: Fact): string => (atom.kind === "number" ? (atom.unit?.dimension ?? "plain") : atom.kind);
  for (const fact of base.facts) {
    if (fact.from === "said") continue;
    const key = peerKey(fact);
    const names = peers.get(key) ?? new Set();
    for (const name of fact.labels.names) names.add(name);
    peers.set(key, names);
  }
  const momentNames = new Set(base.moments.flatMap(({ labels }) => [...labels.names]));
  for (const kind of ["clock", "date"]) peers.set(kind, new Set([...(peers.get(kind) ?? []), ...momentNames]));
  const fits = (claim: Atom, fact: Fact): boolean =>
    !conflicts(claim.labels, fact.labels, fact.all, (name) => peers.get(peerKey(fact))?.has(name) ?? false);

  const accept = (claim: Atom, found: readonly Fact[]): boolean => {
    // The text of an item only tells its data again: where data say it, they decide what it is said of.
    const items = new Set(found.filter(({ from }) => from === "data").map(({ item }) => item));
    return found.some((fact) => (fact.from === "text" && items.has(fact.item) ? false : fits(claim, fact)));
  };

  const numberFits = (claim: Told<"number">, bound: BoundText): boolean => {
    if (claim.unit?.dimension === "money" && currencies.size > 0 && !currencies.has(claim.unit.id)) return false;
    if (claim.ordinal && claim.unit === undefined) return true;
    // "half of them", "a quarter": shares are said loosely.
    if (claim.spelled && claim.unit === undefined && claim.values.every((value) => value > 0 && value < 1)) return true;
    if (isHour(claim, bound)) return true;
    if (claim.spelled && claim.unit === undefined && (claim.values[0] === 1 || claim.values[0] === 0)) return true;
    const found = numbers.filter(
      (fact) =>
        compareNumbers(claim, fact.atom) !== undefined &&
        (claim.pair === undefined || fact.atom.pair === undefined || fact.atom.pair.other === claim.pair.other),
    );
    if (accept(claim, found)) return trendFits(claim, found);
    if (
      claim.dayMonth &&
      dates.some(({ atom }) => atom.day === claim.dayMonth?.day && atom.month === claim.dayMonth?.month)
    )
      return true;
    return derived.supports(claim, bound, found.length > 0);
  };

  // "from 10 till 5": hours that only their surroundings tell from other numbers.
  const isHour = (claim: Told<"number">, { tokens }: BoundText): boolean => {
    const [hour = -1] = claim.values;
    if (claim.unit !== undefined || !Number.isInteger(hour) || hour < 0 || hour > 24) return false;
    if (
      !tokens
        .slice(Math.max(0, claim.from - 2), claim.from)
        .some(({ lower }) =>
          /^(?:at|from|to|till|until|by|around|about|after|before|between|and|o|od|do|po|przed|między|a|о|об|з|до|після|від|і|ב|בשעה|מ|עד|ל|משעה|סביב|-|–)$/.test(
            lower,
          ),
        )
    )
      return false;
    const isTold = (minutes: number) => minutes % 720 === (hour * 60) % 720;
    return (
      clocks.some(({ atom, from }) => from !== "said" && atom.minutes.some(isTold)) ||
      base.moments.some(
        ({ epoch, labels }) =>
          labels.names.size > 0 && base.zones.some((zone) => isTold(localMoment(epoch, zone)?.minutes ?? 1)),
      )
    );
  };

  // "rose 0.31 %" of what fell is no support.
  const trendFits = (claim: Told<"number">, found: readonly Fact[]): boolean => {
    const trend = claim.labels.concepts.get("mood");
    if (trend === undefined || trend.size !== 1) return true;
    const changes = found.filter(
      (fact): fact is Fact & { atom: Told<"number"> } =>
        fact.isChange && fact.atom.kind === "number" && fits(claim, fact),
    );
    if (changes.length === 0) return true;
    return changes.some(({ atom }) => (trend.has("rise") ? (atom.values[0] ?? 0) >= 0 : (atom.values[0] ?? 0) <= 0));
  };

  const clockFits = (claim: Told<"clock">): boolean => {
    const slack = claim.approximate ? 10 : 0;
    const isSame = (minutes: number, truth: number) =>
      Math.min(Math.abs(minutes - truth), 1440 - Math.abs(minutes - truth)) <= slack;
    const told = clocks.filter(
      ({ atom }) =>
        atom.minutes.some((truth) => claim.minutes.some((minutes) => isSame(minutes, truth))) &&
        (atom.offset === undefined || claim.offset === atom.offset || isLocalUtc),
    );
    const data = new Set<number>();
    const moments = base.moments.filter(({ epoch }) =>
      zonesOf(claim).some((zone) =>
        claim.minutes.some((minutes) => isSame(minutes, localMoment(epoch, zone)?.minutes ?? -999)),
      ),
    );
    for (const { item } of moments) data.add(item);
    if (
      moments.some(
        ({ labels, all, epoch }) =>
          !conflicts(
            claim.labels,
            { ...labels, days: daysOfMoment(epoch) },
            all,
            (name) => peers.get("clock")?.has(name) ?? false,
          ),
      )
    )
      return true;
    // A time of a text in UTC may be told in the user's zone.
    const shifted = clocks.some(
      ({ atom }) =>
        atom.offset === 0 &&
        base.zones.some((zone) =>
          atom.minutes.some((truth) => {
            const local = localMoment(Date.parse(`${base.today}T00:00:00Z`) + truth * 60_000, zone);
            return local !== undefined && claim.minutes.some((minutes) => isSame(minutes, local.minutes));
          }),
        ),
    );
    if (shifted && claim.offset === undefined) return true;
    const pair = /^(\d{1,2}):(\d{2})$/.exec(claim.written);
    if (
      pair &&
      numbers.some(
        ({ atom }) =>
          atom.pair &&
          [atom.values[0], atom.pair.other].includes(Number(pair[1])) &&
          [atom.values[0], atom.pair.other].includes(Number(pair[2])),
      )
    )
      return true;
    if (told.some((fact) => !(fact.from === "text" && data.has(fact.item)) && fits(claim, fact))) return true;
    return derived.clock(claim.minutes, slack);
  };
  const isLocalUtc = base.zones[0] === "UTC" || base.zones[0] === "Etc/UTC";
  const zonesOf = (claim: ClockQuantity): readonly string[] => (claim.offset === 0 ? ["UTC"] : base.zones);
  const momentDays = new Map<number, ReadonlySet<string>>();
  const daysOfMoment = (epoch: number): ReadonlySet<string> => {
    const known = momentDays.get(epoch);
    if (known) return known;
    const days = new Set(base.zones.flatMap((zone) => localMoment(epoch, zone)?.day ?? []));
    momentDays.set(epoch, days);
    return days;
  };

  const dateFits = (claim: Told<"date">): boolean => {
    if (claim.relative === 0) return true;
    const days = new Set(daysOf(claim, base.today));
    const isMeant = (day: string) => days.size === 0 || days.has(day);
    const partsFit = (atom: DateQuantity): boolean => {
      if (claim.day === undefined && claim.month !== undefined)
        return (
          atom.month === claim.month &&
          (claim.year === undefined || atom.year === undefined || atom.year === claim.year)
        );
      // A date without a year may be any year's.
      if (claim.day !== undefined && claim.year === undefined && atom.day === claim.day && atom.month === claim.month)
        return true;
      return daysOf(atom, base.today).some(
        (day) =>
          (isMeant(day) || (claim.weekday !== undefined && claim.day === undefined)) &&
          (claim.weekday === undefined || weekdayOf(day) === claim.weekday),
      );
    };
    const monthDay = `${String(claim.month ?? 0).padStart(2, "0")}-${String(claim.day ?? 0).padStart(2, "0")}`;
    const labels = { ...claim.labels, days: new Set<string>() };
    const isPeer = (name: string) => peers.get("date")?.has(name) ?? false;
    for (const { epoch, labels: known, all } of base.moments) {
      for (const day of daysOfMoment(epoch)) {
        const [year, month] = day.split("-").map(Number);
        const isSame =
          claim.day === undefined && claim.month !== undefined
            ? month === claim.month && (claim.year === undefined || year === claim.year)
            : days.has(day) ||
              (claim.day !== undefined && claim.year === undefined && day.slice(5) === monthDay) ||
              (claim.weekday !== undefined && claim.day === undefined && weekdayOf(day) === claim.weekday);
        if (isSame && !conflicts(labels, { ...known, days: new Set() }, all, isPeer)) return true;
      }
    }
    const found = dates.filter(({ atom }) => partsFit(atom));
    if (found.some((fact) => !conflicts(labels, { ...fact.labels, days: new Set() }, fact.all, isPeer))) return true;
    if (days.has(base.today)) return true;
    // "tomorrow" without any dated fact only takes up the question's subject.
    return claim.relative !== undefined && dates.length === 0 && base.moments.length === 0;
  };

  return {
    firstUnsupported(bound) {
      // What is asked is not told.
      if (/^(?:\?|？)$/.test(bound.tokens.findLast(({ text }) => /[\p{L}\p{N}?!.？]/u.test(text))?.text ?? ""))
        return undefined;
      for (const atom of bound.atoms) {
        if (atom.kind === "number" && !numberFits(atom, bound)) return atom.written;
        if (atom.kind === "clock" && !clockFits(atom)) return atom.written;
        if (atom.kind === "date" && !dateFits(atom)) return atom.written;
      }
      return inconsistentDay(bound, base.today);
    },
  };
};

/** A weekday beside a date that is another day of the week. */
const inconsistentDay = ({ atoms }: BoundText, today: string): string | undefined => {
  for (const [index, atom] of atoms.entries()) {
    const next = atoms[index + 1];
    if (
      atom.kind !== "date" ||
      next?.kind !== "date" ||
      next.from - atom.to > 1 ||
      (atom.weekday === undefined) === (next.weekday === undefined)
    )
      continue;
    const [one, other] = [daysOf(atom, today), daysOf(next, today)];
    if (one.length === 0 || other.length === 0 || (atom.weekday === undefined && next.weekday === undefined)) continue;
    const weekday = atom.weekday ?? next.weekday;
    const days = atom.weekday === undefined ? one : other;
    if (!days.some((day) => weekdayOf(day) === weekday)) return `${atom.written} ${next.written}`;
  }
  return undefined;
};
