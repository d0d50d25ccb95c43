import type { Unit } from "../text/units.ts";
import type { Atom, Labels } from "./bind.ts";
import type { Fact } from "./fact.ts";

/** Where lengths of time are from that nothing counts by: "for a year" of a text, "24h" of a field's name. */
export const lengthPath = "text duration";

/** A length of time that a text or the name of a field tells without a figure of its own. */
export const lengthFact = (
  count: number,
  unit: Unit,
  from: Fact["from"],
  item: number,
  names: ReadonlySet<string>,
): Fact => {
  const labels: Labels = { names, days: new Set(), words: new Set(), concepts: new Map() };
  const atom: Atom = {
    kind: "number",
    values: [count],
    step: 1,
    unit,
    ordinal: false,
    spelled: true,
    approximate: false,
    written: unit.id,
    from: 0,
    to: 0,
    labels,
  };
  return { atom, all: names, labels, from, item, path: lengthPath, isChange: false };
};
