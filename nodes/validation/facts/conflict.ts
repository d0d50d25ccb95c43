import type { Labels } from "./bind.ts";

const meets = <Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): boolean => {
  for (const item of left) if (right.has(item)) return true;
  return false;
};

/** Groups in which a level is compared with a level; the rest ("rose", "green") claim something of their own. */
const labelGroups = ["range", "session", "leg", "timing", "sun", "measure", "percentile"];

/**
 * Whether a fact is told of something else than an answer says: other names (when the answer's belong to a peer of the fact),
 * other days, or a label of the same group that differs.
 */
export const conflicts = (
  claim: Labels,
  fact: Labels,
  all: ReadonlySet<string>,
  isPeer: (name: string) => boolean,
): boolean => {
  if (claim.days.size > 0 && fact.days.size > 0 && !meets(claim.days, fact.days)) return true;
  for (const group of labelGroups) {
    const said = claim.concepts.get(group);
    const known = fact.concepts.get(group);
    if (said && known && !meets(said, known)) return true;
  }
  if (claim.names.size === 0 || fact.names.size === 0 || meets(claim.names, fact.names)) return false;
  for (const name of claim.names) if (isPeer(name)) return true;
  // A name from elsewhere, where the fact's own surroundings have none in common with the answer.
  return !meets(claim.names, all) && [...claim.names].every((name) => name.startsWith("p:"));
};
