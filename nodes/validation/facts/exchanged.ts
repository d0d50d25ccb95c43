import type { BoundText } from "./bind.ts";
import { firstOf, isTold, type NumberAtom, type NumberFact } from "./terms.ts";

/** An amount that one takes to show a rate by: 1, 50, 100, 1,000. */
const isRound = (value: number): boolean => /^[125]0*$/.test(String(value));

const isMoney = (atom: BoundText["atoms"][number]): atom is NumberAtom =>
  atom.kind === "number" && atom.unit?.dimension === "money";

/** Judges two amounts of different money in one sentence: a round or named one, and what it is worth at a known rate. */
export const createExchangeCheck = (numbers: readonly NumberFact[]) => {
  const rates = numbers.filter(
    ({ atom, from }) =>
      from !== "said" && !atom.ordinal && firstOf({ atom }) > 0 && (!atom.unit || atom.unit.dimension === "money"),
  );
  const asked = numbers.filter(({ from }) => from === "said").map(({ atom }) => atom);
  const said = new Set(asked.map((atom) => firstOf({ atom })));
  const isWorth = (base: NumberAtom, worth: NumberAtom): boolean => {
    const value = firstOf({ atom: base });
    if (!isRound(value) && !said.has(value)) return false;
    return rates.some(({ atom }) => {
      const rate = firstOf({ atom });
      // The rate is one of the money that the worth is told in, or that the base is.
      const [toWorth, toBase] = [worth, base].map(({ unit }) => !atom.unit || atom.unit.id === unit?.id);
      return (toWorth && isTold(worth, value * rate)) || (toBase && isTold(worth, value / rate));
    });
  };
  return (claim: NumberAtom, { atoms }: BoundText): boolean =>
    isMoney(claim) &&
    (atoms.some(
      (other) =>
        isMoney(other) && other.unit?.id !== claim.unit?.id && (isWorth(claim, other) || isWorth(other, claim)),
    ) ||
      // What was asked for need not be said again.
      asked.some((other) => isMoney(other) && other.unit?.id !== claim.unit?.id && isWorth(other, claim)));
};
