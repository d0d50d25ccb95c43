import type { Ground } from "../ground.ts";
import { collectRecords } from "./collect-records.ts";
import { type GroupIndex, indexGroup } from "./mentions.ts";
import { swappedNames } from "./swapped-names.ts";

const known = new WeakMap<Ground, readonly GroupIndex[]>();

/** Names that a sentence joins though the records of the evidence keep them apart ("Kurek is in Łowicz" of two drivers); undefined for none. */
export const misjoinedNames = (sentence: string, ground: Ground): string | undefined => {
  const groups = known.get(ground) ?? collectRecords(ground).map(indexGroup);
  known.set(ground, groups);
  return groups.length === 0 ? undefined : swappedNames(ground.read(sentence).tokens, groups);
};
