import type { NumberQuantity } from "../text/quantity.ts";
import type { Unit } from "../text/units.ts";
import type { Fact } from "./fact.ts";
import { tells } from "./match-numbers.ts";

/** A figure of the data without a unit takes the one that the text of the same evidence gives it. */
export const adoptUnits = (facts: Fact[]): void => {
  const written = new Map<number, { readonly figure: NumberQuantity; readonly unit: Unit }[]>();
  for (const { atom, item, from } of facts) {
    if (from !== "text" || atom.kind !== "number" || !atom.unit) continue;
    const known = written.get(item) ?? [];
    written.set(item, known);
    if (known.length < 100) known.push({ figure: atom, unit: atom.unit });
  }
  for (const [index, fact] of facts.entries()) {
    const { atom } = fact;
    if (fact.from !== "data" || atom.kind !== "number" || atom.unit) continue;
    const truth = Math.abs(atom.values[0] ?? 0);
    // The text may round what the data give in full.
    const same = written
      .get(fact.item)
      ?.filter(({ figure }) => figure.values.some((told) => tells(figure, Math.abs(told), truth)));
    const exact = same?.find(({ figure }) => figure.values.some((told) => Math.abs(told) === truth));
    const unit = (exact ?? (atom.step < 1 ? same?.[0] : undefined))?.unit;
    if (unit) facts[index] = { ...fact, atom: { ...atom, unit } };
  }
};
