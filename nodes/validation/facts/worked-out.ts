import type { NumberQuantity } from "../text/quantity.ts";
import type { Token } from "../text/tokens.ts";
import { type Unit, unitNamed } from "../text/units.ts";
import type { Fact } from "./fact.ts";
import { halfPlace } from "./match-numbers.ts";

type NumberFact = Fact & { readonly atom: Extract<Fact["atom"], { kind: "number" }> };

interface Term {
  readonly value: number;
  readonly unit: Unit | undefined;
  /** The user named it: what they ask about is calculated with. */
  readonly isSaid: boolean;
}

/** Known figures that are calculated with; where there are more, nearly everything would follow from something. */
const mostTerms = 40;
/** Chance hits that are put up with, over all calculations tried for one figure. */
const mostChance = 0.1;
/** Results of calculations spread over about four powers of ten, evenly on a logarithmic scale. */
const spread = Math.log(10_000);
/** A figure that leaves more open than this share of itself ("about 20") is no result of a calculation. */
const coarsest = 0.011;
/** The same for sums and differences of figures that nobody asked about. */
const coarsestSum = 0.002;

/** How many of one length of time make another, for prices and amounts "a month" and "a year". */
const calendar: Readonly<Record<string, number>> = { year: 12, month: 12, week: 7, day: 7, h: 24, min: 60 };

/** Words for how often an amount falls due. */
const often: Readonly<Record<string, number>> = Object.fromEntries(
  [
    [
      12,
      "yearly annually annual monthly rocznie roczny roczna roczne miesięcznie щороку щорічно річний щомісяця щомісячно שנתי שנתית חודשי חודשית",
    ],
    [7, "weekly daily tygodniowo dziennie щотижня щодня שבועי יומי"],
  ].flatMap(([times, words]) =>
    String(words)
      .split(" ")
      .map((word) => [word, Number(times)]),
  ),
);

const termsOf = (numbers: readonly NumberFact[]): Term[] => {
  const terms = new Map<string, Term>();
  for (const { atom, from } of numbers) {
    const value = Math.abs(atom.values[0] ?? 0);
    if (value === 0 || !Number.isFinite(value) || atom.ordinal) continue;
    const key = `${value} ${atom.unit?.id ?? ""}`;
    terms.set(key, { value, unit: atom.unit, isSaid: from === "said" || terms.get(key)?.isSaid === true });
  }
  // The same figure once as data and once in words is one.
  for (const { value, unit } of [...terms.values()]) if (unit !== undefined) terms.delete(`${value} `);
  return [...terms.values()];
};

/** A term in a unit, as an amount without offset; undefined when it measures something else. */
const inUnit = ({ value, unit }: Term, wanted: Unit | undefined): number | undefined => {
  if (unit === undefined || wanted === undefined || unit.id === wanted.id) return value;
  if (unit.dimension === "money" && wanted.id === "cent") return value * 100;
  if (unit.dimension !== wanted.dimension || unit.dimension === "money") return undefined;
  return (value * unit.factor) / wanted.factor;
};

interface Results {
  /** Ascending. */
  readonly products: Float64Array;
  readonly sums: Float64Array;
  readonly saidSums: Float64Array;
  /** Terms that could be told in this unit. */
  readonly amounts: readonly number[];
}

const ascending = (values: readonly number[]): Float64Array =>
  Float64Array.from(values.filter((value) => Number.isFinite(value) && value > 0)).sort();

/** Every result of one step of arithmetic that could be told in a unit. */
const resultsIn = (known: readonly Term[], unit: Unit | undefined): Results => {
  const isRatio = unit?.dimension === "ratio";
  const like = known.flatMap((term) => {
    const value = inUnit(term, unit);
    return value === undefined ? [] : [{ ...term, value }];
  });
  const [products, sums, saidSums]: [number[], number[], number[]] = [[], [], []];
  for (const [index, term] of like.entries()) {
    for (const other of like.slice(index + 1))
      (term.isSaid || other.isSaid ? saidSums : sums).push(
        term.value + other.value,
        Math.abs(term.value - other.value),
      );
    for (const other of known) {
      if (isRatio || (other.value === term.value && other.unit?.id === term.unit?.id)) continue;
      if (other.unit?.dimension === "ratio")
        products.push(...[other.value, 100 + other.value, 100 - other.value].map((part) => (term.value * part) / 100));
      else if (other.unit === undefined || other.unit.id !== term.unit?.id)
        products.push(term.value * other.value, term.value / other.value);
    }
  }
  if (isRatio)
    for (const left of known)
      for (const right of known) {
        const other = inUnit(right, left.unit);
        if (left === right || left.unit?.dimension === "ratio" || other === undefined) continue;
        products.push((left.value / other) * 100, ((left.value - other) / other) * 100);
      }
  return {
    products: ascending(products),
    sums: ascending(sums),
    saidSums: ascending(saidSums),
    amounts: like.map(({ value }) => value),
  };
};

/** Whether one of ascending values lies within a distance. */
const holds = (values: Float64Array, wanted: number, distance: number): boolean => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted - distance) low = middle + 1;
    else high = middle;
  }
  return (values[low] ?? Number.POSITIVE_INFINITY) <= wanted + distance;
};

/**
 * Whether a figure is the result of one step of arithmetic on known figures: a sum or difference of like ones, a product
 * or quotient in which one keeps its unit, a percentage of one, an amount per month told per year. It must be told so
 * exactly that, with this many figures around, chance would hardly have given it.
 */
export const createWorkedOut = (numbers: readonly NumberFact[]) => {
  let known: readonly Term[] | undefined;
  const byUnit = new Map<string, Results>();
  return (claim: NumberQuantity, tokens: readonly Token[]): boolean => {
    const told = Math.abs(claim.values[0] ?? 0);
    const { unit } = claim;
    // Temperatures are neither added nor multiplied.
    if (told === 0 || claim.ordinal || claim.pair || unit?.dimension === "temperature") return false;
    const slack = halfPlace(claim.step, told) * 1.01 + told * 1e-9;
    if (2 * slack > told * coarsest) return false;
    known ??= termsOf(numbers);
    if (known.length > mostTerms) return false;
    const results = byUnit.get(unit?.id ?? "") ?? resultsIn(known, unit);
    byUnit.set(unit?.id ?? "", results);
    const { products, sums, saidSums, amounts } = results;
    const times = [
      ...new Set(tokens.flatMap(({ lower }) => calendar[unitNamed(lower)?.id ?? ""] ?? often[lower] ?? [])),
    ];
    const isTold = (value: number) => Math.abs(value - told) <= slack;
    const isFound =
      holds(products, told, slack) ||
      holds(saidSums, told, slack) ||
      (2 * slack <= told * coarsestSum && holds(sums, told, slack)) ||
      times.some((time) => amounts.some((amount) => isTold(amount * time) || isTold(amount / time)));
    const tried = products.length + sums.length + saidSums.length + times.length * amounts.length * 2;
    return isFound && (tried * 2 * slack) / told / spread <= mostChance;
  };
};
