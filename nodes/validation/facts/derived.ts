import { callsFor } from "../text/derivation-words.ts";
import { unitNamed } from "../text/units.ts";
import type { BoundText } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import { createCounts } from "./counts.ts";
import { createShares } from "./shares.ts";
import { createSpans } from "./spans.ts";
import { bothWords, createTerms, firstOf, isTold, type NumberAtom, type NumberFact } from "./terms.ts";

/** What is known of a figure that nothing supports as it stands. */
export interface Standing {
  /** It is known, but of something else: then it is told of the wrong thing rather than worked out. */
  readonly isElsewhere: boolean;
  /** False where the evidence counts the same thing otherwise: then only what the words derive holds. */
  readonly isFree: boolean;
}

/** Judges figures that follow from the evidence without standing in it: counts, differences, sums, shares, spans of time. */
export interface Derived {
  supports(claim: NumberAtom, bound: BoundText, standing: Standing): boolean;
}

const mostTimes = 24;

export const createDerived = (base: FactBase, numbers: readonly NumberFact[]): Derived => {
  const spans = createSpans(base);
  const { isCount } = createCounts(base);
  const terms = createTerms(numbers);
  const isShare = createShares(numbers);
  const toldChanges = new Set(
    numbers.flatMap(({ atom, isChange, item }) => (isChange && atom.unit?.dimension === "ratio" ? [item] : [])),
  );
  const said = numbers.filter(({ from }) => from === "said").map(({ atom }) => atom);

  /** Whether a sentence names several things that have figures of their own. */
  const comparesNames = ({ atoms, tokens }: BoundText): boolean => {
    const named = new Set([...base.names.namesAt(tokens).values()].flat());
    for (const atom of atoms) for (const name of atom.labels.names) named.add(name);
    const things = new Set(
      numbers
        .filter(({ from, labels }) => from === "data" && [...labels.names].some((name) => named.has(name)))
        .map(({ labels }) => [...labels.names].join()),
    );
    return things.size > 1;
  };

  const isDifference = (claim: NumberAtom, bound: BoundText): boolean => {
    const isCompared = comparesNames(bound);
    if (terms.somePair(claim, isCompared, (left, right) => isTold(claim, left.value - right.value))) return true;
    if (claim.unit?.dimension !== "ratio") return false;
    // A change in percent, of figures in any unit.
    return terms.somePair({ ...claim, unit: undefined }, isCompared, ({ fact: left }, { fact: right }) => {
      if (left.atom.unit?.dimension === "ratio" || left.atom.unit?.id !== right.atom.unit?.id) return false;
      // Where the evidence tells the change, that is what is told.
      if (toldChanges.has(left.item) && left.item === right.item) return false;
      const change = (firstOf(left) / firstOf(right) - 1) * 100;
      return isTold(claim, change) || isTold(claim, (firstOf(right) / firstOf(left) - 1) * 100);
    });
  };

  /** How often a figure may be taken: what the sentence or the question says. */
  const timesOf = (claim: NumberAtom, { atoms, tokens }: BoundText): readonly number[] => {
    const times = new Set<number>();
    for (const atom of [...atoms, ...said])
      if (atom.kind === "number" && atom !== claim && times.size < mostTimes && isCountable(atom))
        times.add(firstOf({ atom }));
    if (tokens.some(({ lower }) => bothWords.test(lower))) times.add(2);
    return [...times];
  };

  /** A sum in which each figure is taken as often as the sentence or the question says. */
  const isTotal = (claim: NumberAtom, bound: BoundText): boolean => {
    const times = [1, ...timesOf(claim, bound).filter((time) => time < 32)];
    return times.some((one) =>
      times.some((other) =>
        terms.somePair(claim, false, (left, right) => isTold(claim, one * left.value + other * right.value)),
      ),
    );
  };

  /** A total beside the figures that it is made of: "31 days: 28 and 3 more". */
  const isSumOfSentence = (claim: NumberAtom, { atoms }: BoundText): boolean => {
    const figures = atoms.filter((atom): atom is NumberAtom => atom.kind === "number" && !atom.ordinal);
    const at = figures.indexOf(claim);
    if (at < 0 || claim.pair) return false;
    const worthOf = ({ unit, values: [value = 0] }: NumberAtom): number =>
      unit === undefined || claim.unit === undefined || unit.dimension !== claim.unit.dimension
        ? value
        : (value * unit.factor) / claim.unit.factor;
    const isLike = ({ unit, pair }: NumberAtom) =>
      !pair && (unit === undefined || unit.dimension === claim.unit?.dimension);
    for (const step of [1, -1]) {
      let sum = 0;
      for (let index = at + step, taken = 1; taken <= 6; index += step, taken += 1) {
        const part = figures[index];
        if (part === undefined || !isLike(part)) break;
        sum += worthOf(part);
        if (taken > 1 && isTold(claim, sum)) return true;
      }
    }
    return false;
  };

  /** "$48 each, so $96 for both"; "30 episodes in 3 seasons, ten each". */
  const isMultiple = (claim: NumberAtom, bound: BoundText): boolean => {
    const times = timesOf(claim, bound);
    const counts = !callsFor("each", bound.tokens) || claim.unit?.dimension === "duration" ? [] : terms.counts;
    return terms.forClaim(claim).some(({ fact, value }) => {
      const near = counts.filter((other) => other !== fact && other.item === fact.item && isCountable(other.atom));
      return [...times, ...near.slice(0, mostTimes).map(firstOf)].some(
        (time) =>
          (time !== value || claim.unit !== undefined) &&
          (isTold(claim, value * time) || (value !== time && isTold(claim, value / time))),
      );
    });
  };

  /** What a limit and a rate give: 15,000 at 1,500 an hour are reached in ten. */
  const isQuotient = (claim: NumberAtom): boolean => {
    if (claim.unit !== undefined && claim.unit.dimension !== "duration") return false;
    return terms.somePair({ ...claim, unit: undefined }, false, ({ fact: left }, { fact: right }) => {
      const { unit } = left.atom;
      // A length of time over another is none.
      if (unit?.dimension === "duration" && claim.unit !== undefined) return false;
      if (left.item !== right.item || unit === undefined || unit.dimension !== right.atom.unit?.dimension) return false;
      const [one, other] = [firstOf(left) * unit.factor, firstOf(right) * right.atom.unit.factor];
      return Math.abs(one) !== Math.abs(other) && isTold(claim, one > other ? one / other : other / one);
    });
  };

  /** A share of a known whole: the 120 GB that are 6 % of 2 TB. */
  const isPart = (claim: NumberAtom, { atoms }: BoundText): boolean =>
    atoms.some(
      (atom) =>
        atom.kind === "number" &&
        atom.unit?.dimension === "ratio" &&
        terms
          .forClaim(claim)
          .some(
            ({ fact, value }) =>
              fact.atom.unit?.dimension !== "ratio" && isTold(claim, (value * (atom.values[0] ?? 0)) / 100),
          ),
    );

  /** What is left of a hundred percent. */
  const isComplement = (claim: NumberAtom): boolean =>
    numbers.some((fact) => fact.atom.unit?.dimension === "ratio" && isTold(claim, 100 - firstOf(fact)));

  /** A level moved by a change that is known with it: the 6.01 of a week ago, when it is 5.89 now and 12 cents less. */
  const isChanged = (claim: NumberAtom): boolean =>
    terms.somePair(claim, false, ({ value: left }, { value: right }) => {
      const [less, more] = [Math.abs(left), Math.abs(right)].sort((one, other) => one - other);
      return (less ?? 0) < (more ?? 0) / 2 && (isTold(claim, left + right) || isTold(claim, left - right));
    });

  /** Half, twice or a third of a known figure. */
  const isScaled = (claim: NumberAtom): boolean =>
    terms.forClaim(claim).some(({ value }) => [0.5, 2, 3, 1 / 3, 0.25].some((part) => isTold(claim, part * value)));

  /** What a sentence's words call for, cheapest first; each is tried only where a word asks for it. */
  const follows = (claim: NumberAtom, bound: BoundText, isFree: boolean): boolean => {
    const { tokens } = bound;
    const isRatio = claim.unit?.dimension === "ratio";
    const beside = tokens.slice(Math.max(0, claim.from - 9), claim.to + 9);
    if (isRatio ? isShare(claim, tokens) : isPart(claim, bound)) return true;
    if (isRatio && callsFor("rest", beside) && isComplement(claim)) return true;
    if (isFree && isSumOfSentence(claim, bound)) return true;
    // "two tickets come to 118": a price is multiplied without a word for it.
    const isPriced = claim.unit?.dimension === "money" || callsFor("each", tokens);
    if (isFree && isPriced && !isRatio && isMultiple(claim, bound)) return true;
    if (callsFor("sum", tokens) && isTotal(claim, bound)) return true;
    if (claim.pair) return false;
    if (isFree && callsFor("rate", tokens) && isQuotient(claim)) return true;
    const isCompared =
      callsFor("difference", beside) ||
      callsFor("rest", beside) ||
      // "three of four"
      callsFor("share", tokens.slice(claim.to, claim.to + 2)) ||
      callsFor("side", tokens.slice(claim.to, claim.to + 2)) ||
      byWord.test(tokens[claim.from - 1]?.lower ?? "");
    if (isCompared && isDifference(claim, bound)) return true;
    // What was before a known change.
    return callsFor("past", tokens) && isChanged(claim);
  };

  return {
    supports(claim, bound, { isElsewhere, isFree }) {
      const isStepped =
        callsFor("difference", bound.tokens.slice(claim.to, claim.to + 2)) ||
        byWord.test(bound.tokens[claim.from - 1]?.lower ?? "");
      // "halve it: 400 g" is told on purpose, whatever else has 400 g.
      if (callsFor("part", bound.tokens) && isScaled(claim)) return true;
      if (isElsewhere && !isStepped && claim.unit !== undefined && Math.abs(firstOf({ atom: claim })) >= 10)
        return false;
      if (isFree && spans.isSpan(claim)) return true;
      const { tokens } = bound;
      if ((isFree || claim.unit === undefined) && claim.pair === undefined && isCount(claim, tokens)) return true;
      // "an hour forty"
      if (claim.unit === undefined && unitNamed(tokens[claim.from - 1]?.lower ?? "")?.factor === 3_600)
        return spans.isPart(firstOf({ atom: claim }), 60);
      if (follows(claim, bound, isFree)) return true;
      // "open for two days already, and two more to go": the unit is the one said before.
      const before = claim.unit === undefined && !claim.ordinal && !claim.pair ? unitBefore(claim, bound) : undefined;
      if (before === undefined) return false;
      const measured = { ...claim, unit: before };
      return spans.isSpan(measured) || follows(measured, bound, isFree);
    },
  };
};

/** "by four points", "o dwa stopnie", "עוד שלוש מעלות". */
const byWord = /^(?:by|another|o|jeszcze|на|ще|ב|עוד)$/;

const isCountable = (atom: NumberAtom): boolean => {
  const value = firstOf({ atom });
  return Number.isInteger(value) && value > 1 && value < 367 && atom.unit?.dimension !== "money";
};

/** The unit of the last figure before one that nothing but the clause's end follows. */
const unitBefore = (claim: NumberAtom, { atoms, tokens }: BoundText): NumberAtom["unit"] => {
  const next = tokens[claim.to];
  if (next !== undefined && next.kind !== "mark") return undefined;
  return atoms.findLast((atom): atom is NumberAtom => atom.kind === "number" && atom.to <= claim.from)?.unit;
};
