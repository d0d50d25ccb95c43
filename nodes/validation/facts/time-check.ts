import { callsFor } from "../text/derivation-words.ts";
import type { NumberQuantity } from "../text/quantity.ts";
import { type Atom, type BoundText, daysOf, type Labels } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import type { Known, Support } from "./conflict.ts";
import { addDays, dayOf, localMoment, weekdayOf } from "./days.ts";
import type { Fact, Moment } from "./fact.ts";
import { createSpans } from "./spans.ts";

type Told<Kind> = Extract<Atom, { kind: Kind }>;
type FactOf<Kind> = Fact & { readonly atom: Told<Kind> };

const localWords = /^(?:local|lokaln\p{L}*|miejscow\p{L}*|tamtejsz\p{L}*|місцев\p{L}*|тамтешн\p{L}*|מקומי|המקומי|שם)$/u;

/** Words by which a time is the user's own. */
const hereWords =
  /^(?:you|your|yours|here|home|ciebie|tobie|twojego|twoim|wasz\p{L}*|nas|was|tutaj|tu|вас|нас|тебе|твій|твоїм|тут|вашим|ваш\p{L}*|אצלך|אצלכם|אצלנו|אצלי|שלך|כאן|פה|בישראל)$/u;

/** Judges the times of day and the days of an answer, in the user's zone, the evidence's own zones, and UTC when it says so. */
export const createTimeCheck = (base: FactBase, support: Support) => {
  const clocks = base.facts.filter((fact): fact is FactOf<"clock"> => fact.atom.kind === "clock");
  const dates = base.facts.filter((fact): fact is FactOf<"date"> => fact.atom.kind === "date");
  const spans = createSpans(base);
  const home = base.zones[0] ?? "UTC";
  const isUtc = home === "UTC" || home === "Etc/UTC";
  const dayNames = new Map<number, ReadonlySet<string>>();
  const daysOfMoment = (epoch: number): ReadonlySet<string> => {
    const known = dayNames.get(epoch) ?? new Set(base.zones.flatMap((zone) => localMoment(epoch, zone)?.day ?? []));
    dayNames.set(epoch, known);
    return known;
  };
  const known = (moment: Moment, days: ReadonlySet<string>): Known => ({
    ...moment,
    labels: { ...moment.labels, days },
    from: "data",
  });

  /** The zone whose clocks and days an answer tells a moment in, because it names the place with it. */
  const zoneOfPlace = (claim: Labels, { zone, labels }: Moment): string | undefined =>
    zone !== home && [...claim.names].some((name) => name.startsWith("p:") && labels.names.has(name))
      ? zone
      : undefined;

  const zonesFor = (claim: Told<"clock">, moment: Moment, isLocal: boolean, isHere: boolean): readonly string[] => {
    if (claim.offset === 0) return ["UTC"];
    const away = base.zones.filter((zone) => zone !== home);
    const there = isHere ? undefined : zoneOfPlace(claim.labels, moment);
    if (there !== undefined) return [there];
    if (isLocal && moment.zone !== undefined) return [moment.zone];
    if (isLocal && away.length > 0) return away;
    // The time "now" somewhere else is that place's own.
    if (moment.path === "observed" && away.length > 0 && [...claim.labels.names].some((name) => name.startsWith("p:")))
      return away;
    return base.zones;
  };

  const clockFits = (claim: Told<"clock">, { tokens }: BoundText): boolean => {
    const slack = claim.approximate ? (claim.minutes.every((minutes) => minutes % 60 === 0) ? 15 : 5) : 0;
    const isSame = (minutes: number, truth: number) =>
      Math.min(Math.abs(minutes - truth), 1440 - Math.abs(minutes - truth)) <= slack;
    const isTold = (truth: number) => claim.minutes.some((minutes) => isSame(minutes, truth));
    const isLocal = tokens.slice(claim.to, claim.to + 5).some(({ lower }) => localWords.test(lower));
    const isHere = tokens.slice(Math.max(0, claim.from - 5), claim.to + 5).some(({ lower }) => hereWords.test(lower));
    const moments = base.moments.filter((moment) =>
      zonesFor(claim, moment, isLocal, isHere).some((zone) => isTold(localMoment(moment.epoch, zone)?.minutes ?? -999)),
    );
    const told = clocks.filter(
      ({ atom }) => atom.minutes.some(isTold) && (atom.offset === undefined || claim.offset === atom.offset || isUtc),
    );
    // A time of a text in UTC may be told in the user's zone.
    const shifted = clocks.filter(
      ({ atom }) =>
        atom.offset === 0 &&
        claim.offset === undefined &&
        atom.minutes.some((truth) =>
          base.zones.some((zone) =>
            isTold(localMoment(Date.parse(`${base.today}T00:00:00Z`) + truth * 60_000, zone)?.minutes ?? -999),
          ),
        ),
    );
    const found = [...moments.map((moment) => known(moment, daysOfMoment(moment.epoch))), ...told, ...shifted];
    if (support.accepts(claim.labels, found)) return true;
    return isScore(claim, base) || spans.isMoved(claim.minutes, slack);
  };

  /** Whether what an answer speaks of has days of its own. */
  const isDated = ({ names }: Labels): boolean =>
    dates.some(({ from, labels }) => from !== "said" && [...names].some((name) => labels.names.has(name)));

  // The days of the week that the evidence names, with those between the ends of a range.
  const weekdays = new Set(
    dates.flatMap(({ atom, labels, from }) =>
      atom.weekday === undefined || from === "said" ? [] : [...labels.days].map(weekdayOf),
    ),
  );
  /** Known days moved on by the lengths of time that the evidence tells: the end of a lease, the next check in a year. */
  let moved: readonly string[] | undefined;
  const movedDays = (): readonly string[] => {
    moved ??= daysMoved(
      dates.flatMap(({ atom, from }) =>
        atom.day === undefined || from === "said"
          ? []
          : daysOf(atom, base.today).filter((day) => base.knownDays.has(day)),
      ),
      base.facts.flatMap(({ atom, from }) =>
        atom.kind === "number" && from !== "said" && (atom.unit?.factor ?? 0) >= 86_400 ? [atom] : [],
      ),
    );
    return moved;
  };
  const isComparedWithBefore = base.facts.some(({ isChange }) => isChange);

  /** A date without a year is of the year that the evidence dates it to, where it does. */
  const daysOfFact = (date: Told<"date">): readonly string[] => {
    const days = daysOf(date, base.today);
    const known =
      date.day === undefined || date.year !== undefined ? [] : days.filter((day) => base.knownDays.has(day));
    return known.length > 0 ? known : days;
  };

  const dateFits = (claim: Told<"date">, { tokens }: BoundText): boolean => {
    if (claim.relative === 0) return true;
    // A change is one from the day before.
    if (claim.relative === -1 && isComparedWithBefore) return true;
    // "closed on Mondays" of a place that is open from Tuesday to Sunday.
    if (claim.weekday !== undefined && claim.day === undefined && weekdays.size > 2 && !weekdays.has(claim.weekday))
      if (callsFor("except", tokens)) return true;
    const days = new Set(daysOf(claim, base.today));
    if (days.has(base.today) && claim.day !== undefined) return true;
    const isMeant = (day: string): boolean => {
      if (claim.day !== undefined && claim.year === undefined) return days.has(day) || day.slice(5) === monthDay(claim);
      if (claim.day === undefined && claim.month !== undefined)
        return (
          Number(day.slice(5, 7)) === claim.month && (claim.year === undefined || day.startsWith(`${claim.year}-`))
        );
      return claim.weekday !== undefined && claim.day === undefined ? weekdayOf(day) === claim.weekday : days.has(day);
    };
    if (claim.month !== undefined && movedDays().some(isMeant)) return true;
    const none = new Set<string>();
    const leg = claim.labels.concepts.get("leg");
    const labels = { ...claim.labels, days: none, concepts: new Map(leg ? [["leg", leg]] : []) };
    const undated = (fact: Known): Known => ({ ...fact, labels: { ...fact.labels, days: none } });
    const isWeekday = claim.weekday !== undefined && claim.day === undefined;
    // The day of the week somewhere else is that place's own.
    const isAway = isWeekday && base.moments.some((moment) => zoneOfPlace(claim.labels, moment) !== undefined);
    const isOwn = isAway || (isWeekday && isDated(claim.labels));
    const daysThere = (moment: Moment): readonly string[] => {
      const zone = isAway ? zoneOfPlace(claim.labels, moment) : undefined;
      if (zone !== undefined) return [localMoment(moment.epoch, zone)?.day ?? ""];
      return isOwn && moment.path === "observed" ? [] : [...daysOfMoment(moment.epoch)];
    };
    const found = [
      ...base.moments.filter((moment) => daysThere(moment).some(isMeant)).map((moment) => known(moment, none)),
      ...dates
        .filter(
          ({ atom, labels: { days: spanned } }) =>
            // Between the ends of "Monday to Friday".
            (isWeekday && atom.weekday !== undefined && [...spanned].some(isMeant)) ||
            (atom.month !== undefined && atom.day === undefined && claim.day === undefined
              ? atom.month === claim.month
              : atom.day === undefined && atom.relative === undefined && claim.day !== undefined
                ? false
                : daysOfFact(atom).some(isMeant)),
        )
        .map(undated),
    ];
    if (support.accepts(labels, found)) return true;
    if (isWeekday && claim.weekday === weekdayOf(base.today)) return !isOwn;
    // "tomorrow" where nothing is dated only takes up the subject.
    return claim.relative !== undefined && dates.length === 0 && base.moments.every(({ path }) => path === "observed");
  };
  return { clockFits, dateFits };
};

/** Days some lengths of time after others, and the last day before that ("for a year from 1 December"). */
const daysMoved = (days: readonly string[], lengths: readonly NumberQuantity[]): string[] =>
  days.slice(0, 20).flatMap((day) =>
    lengths.slice(0, 10).flatMap(({ values: [count = 0], unit }) => {
      if (unit?.dimension !== "duration" || count > 400) return [];
      const months = unit.id === "year" ? 12 * count : unit.id === "month" ? count : undefined;
      const end =
        months === undefined
          ? addDays(day, Math.round((count * unit.factor) / 86_400))
          : monthsLater(day, Math.round(months));
      return end === undefined ? [] : [end, addDays(end, -1)];
    }),
  );

const monthsLater = (day: string, months: number): string | undefined => {
  const month = Number(day.slice(5, 7)) - 1 + months;
  return dayOf(Number(day.slice(0, 4)) + Math.floor(month / 12), (month % 12) + 1, Number(day.slice(8)));
};

const monthDay = ({ month = 0, day = 0 }: { month?: number; day?: number }): string =>
  `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** Whether "61:57" is a score rather than a time. */
const isScore = ({ written }: { written: string }, { facts }: FactBase): boolean => {
  const pair = /^(\d{1,2}):(\d{2})$/.exec(written);
  const [one, other] = [Number(pair?.[1]), Number(pair?.[2])];
  return facts.some(
    ({ atom }) => atom.kind === "number" && atom.pair && atom.values[0] === one && atom.pair.other === other,
  );
};
