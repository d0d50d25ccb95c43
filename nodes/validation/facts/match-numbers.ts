import type { NumberQuantity } from "../text/quantity.ts";
import type { Unit } from "../text/units.ts";

const near = (left: number, right: number, slack: number): boolean =>
  Math.abs(left - right) <= slack + 1e-9 * Math.max(1, Math.abs(right));

const decimalsOf = (value: number): number => String(value).split(".")[1]?.length ?? 0;

/** Half the last place of a told value; of two readings the one with decimals is the finer. */
export const halfPlace = (step: number, told: number): number => Math.min(step, 10 ** -decimalsOf(told)) / 2;

/** How far a told value may be from the true one: half its last place; more where it is called approximate. */
const findSlack = ({ step, approximate, spelled, unit }: NumberQuantity, told: number): number => {
  const size = Math.abs(told);
  const digits = String(size).replace(/\D/g, "");
  const zeros = /0*$/.exec(digits.replace(/^0+/, ""))?.[0].length ?? 0;
  const significant = digits.replace(/^0+/, "").length;
  const decimals = decimalsOf(told);
  const half = halfPlace(step, told);
  const isPart = spelled && step < 1 && step > 0.1;
  const grain = decimals > 0 ? 10 ** -decimals : Math.max(step, 10 ** zeros);
  if (approximate)
    return Math.max(
      half,
      Math.min(grain * 0.6, size * 0.1),
      grain >= 1 ? size * 0.02 : 0,
      spelled ? size * 0.03 : 0,
      isPart ? step : 0,
    );
  // "six and a half" in words is the nearest half.
  if (isPart) return Math.max(half, Math.min(step / 2, size * 0.04));
  // 12,345 told as 12,300 is rounded; 21 told as 20 is not, nor one year as another.
  const isYear = unit === undefined && step === 1 && size >= 1_900 && size < 2_100;
  if (!isYear && Number.isInteger(told) && zeros > 0 && significant >= 3)
    return Math.max(half, Math.min(10 ** zeros / 2, size * 0.01));
  return half;
};

const slacks = new WeakMap<NumberQuantity, Map<number, number>>();
/** One figure is compared with many. */
const slackOf = (quantity: NumberQuantity, told: number): number => {
  const ofQuantity = slacks.get(quantity) ?? new Map<number, number>();
  slacks.set(quantity, ofQuantity);
  const slack = ofQuantity.get(told) ?? findSlack(quantity, told);
  ofQuantity.set(told, slack);
  return slack;
};

/** Whether a told value is a true one, rounded. */
export const tells = (quantity: NumberQuantity, told: number, truth: number): boolean =>
  told === truth || near(told, truth, slackOf(quantity, told)) || isBeyond(quantity, told, truth);

/** "over 300" of 317, "under a tenth" of 0.085: round limits that the true value keeps to, not far from it. */
const isBeyond = ({ limit }: NumberQuantity, told: number, truth: number): boolean => {
  if (limit === undefined || (limit > 0 ? truth <= told : truth >= told)) return false;
  const digits = String(told).replace(".", "");
  const distance = Math.abs(truth - told);
  if (/^0*[1-9]?[05]?0*$/.test(digits)) return distance <= told * 0.25;
  // "over 130" of 137
  return Number.isInteger(told) && told % 10 === 0 && distance < 10 ** (/0+$/.exec(digits)?.[0].length ?? 0);
};

export type Comparison = "same" | "converted" | undefined;

/**
 * Whether a figure of an answer tells a known one: equal or rounded in the same unit, or converted from another unit of its
 * dimension. A figure without a unit is compared as it stands.
 */
export const compareNumbers = (claim: NumberQuantity, fact: NumberQuantity): Comparison => {
  // "a third" is 33 %.
  const isShare = claim.unit?.id === "%" && fact.unit === undefined && fact.spelled;
  if (isShare && fact.values.every((value) => value > 0 && value < 1))
    return claim.values.some((told) => tells(claim, Math.abs(told), (fact.values[0] ?? 0) * 100))
      ? "converted"
      : undefined;
  const isCents = claim.unit?.id === "cent" && fact.unit?.dimension === "money";
  for (const known of fact.values) {
    const truth = isCents ? known * 100 : known;
    for (const told of claim.values) {
      if (sameScale(claim.unit, fact.unit)) {
        // Things are counted one by one when they are counted in words.
        if (
          claim.spelled &&
          claim.unit === undefined &&
          fact.unit === undefined &&
          !claim.approximate &&
          told !== truth &&
          told <= 20
        )
          continue;
        if (signsFit(claim, told, truth) && tells(claim, Math.abs(told), Math.abs(truth))) return "same";
      } else if (
        claim.unit &&
        fact.unit &&
        claim.unit.dimension === fact.unit.dimension &&
        claim.unit.dimension !== "money"
      ) {
        const converted = (truth * fact.unit.factor + fact.unit.offset - claim.unit.offset) / claim.unit.factor;
        // Read as "16.000", "16,000" is exact to its last place.
        const step = fact.step * Math.min(1, Math.abs(known) / Math.max(...fact.values.map(Math.abs), 1e-9));
        const from = (Math.abs(truth) >= 1 ? step : 0) * (fact.unit.factor / claim.unit.factor) * 0.5;
        const slack = Math.max(
          slackOf(claim, told) * 1.01,
          Math.min(from, Math.abs(converted) * 0.02),
          claim.approximate && Number.isInteger(told) ? Math.abs(converted) * 0.025 : Math.abs(converted) * 0.002,
        );
        if (near(told, converted, slack) || isBeyond(claim, told, converted)) return "converted";
      }
    }
  }
  return undefined;
};

const sameScale = (claim: Unit | undefined, fact: Unit | undefined): boolean => {
  if (claim === undefined || fact === undefined || claim.id === fact.id) return true;
  if (claim.dimension === "temperature" && fact.dimension === "temperature")
    return claim.id === "degree" || fact.id === "degree";
  // "pounds" are money as well; cents stand beside a currency.
  return (claim.id === "pound" && fact.id === "GBP") || (claim.id === "cent" && fact.dimension === "money");
};

// A minus is left out where words tell the direction; one that nobody measured is never added.
const signsFit = (claim: NumberQuantity, told: number, truth: number): boolean =>
  told === 0 || truth === 0 || told > 0 === truth > 0 || (truth < 0 && claim.unit?.dimension !== "temperature");
