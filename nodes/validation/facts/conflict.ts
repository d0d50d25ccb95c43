import type { Labels } from "./bind.ts";

const meets = <Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): boolean => {
  for (const item of left) if (right.has(item)) return true;
  return false;
};

const ofKind = (names: ReadonlySet<string>, kind: string): ReadonlySet<string> =>
  new Set([...names].filter((name) => name.startsWith(kind)));
/** Two lamps are not one: rooms are compared with rooms, left with right. */
const placeKinds = ["h:area", "h:side:depth", "h:side:breadth", "h:side:height"];

const codesOf = (names: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...names].filter((name) => name.startsWith("c:")));

/** Groups in which a level is compared with a level; the rest ("rose", "green") claim something of their own. */
const labelGroups = ["range", "session", "leg", "timing", "sun", "measure", "percentile", "moment"];

/** What keeps a fact from being what an answer tells: another label of one group, another day, another name. */
export type Conflict = "label" | "day" | "name" | undefined;

/** Something known, as far as it matters for what it is said of. */
export interface Known {
  readonly labels: Labels;
  readonly all: ReadonlySet<string>;
  readonly path: string;
  readonly item: number;
  readonly from: "data" | "text" | "said" | "action";
}

/**
 * Whether what is known is told of something else than an answer says. A name counts when the answer's are not the fact's but those of
 * a peer: a fact of the same field that tells of another thing.
 */
export const conflictOf = (
  claim: Labels,
  known: Known,
  isPeer: (path: string, name: string) => boolean,
  isSubject: (name: string) => boolean,
): Conflict => {
  if (known.from === "said") return undefined;
  const { labels, all, path, from } = known;
  for (const group of labelGroups) {
    const said = claim.concepts.get(group);
    const told = labels.concepts.get(group);
    if (said && told && !meets(said, told)) return "label";
  }
  if (claim.days.size > 0 && labels.days.size > 0 && !meets(claim.days, labels.days)) return "day";
  if (claim.names.size === 0 || labels.names.size === 0) return undefined;
  for (const kind of placeKinds) {
    const [places, ownPlaces] = [ofKind(claim.names, kind), ofKind(labels.names, kind)];
    if (places.size > 0 && ownPlaces.size > 0 && !meets(places, ownPlaces)) return "name";
  }
  // A gate or a seat is nothing that figures are told of.
  const codes = new Set([...codesOf(claim.names)].filter(isSubject));
  const ownCodes = codesOf(labels.names);
  if (codes.size > 0 && ownCodes.size > 0 && !meets(codes, ownCodes)) return "name";
  if (meets(claim.names, labels.names)) return undefined;
  if (from === "text" && meets(claim.names, all)) return undefined;
  for (const name of claim.names) if (isPeer(path, name)) return "name";
  // A place from elsewhere, unless what is known is of no place: many things are called as some town is.
  const isOfPlaces = (names: ReadonlySet<string>) => [...names].some((name) => name.startsWith("p:"));
  return !meets(claim.names, all) && isOfPlaces(claim.names) && isOfPlaces(all) ? "name" : undefined;
};

/** Knows which names facts of each field are told of, and judges claims by it. */
export const createSupport = (everything: readonly Known[]) => {
  const peers = new Map<string, Set<string>>();
  for (const { path, from, labels } of everything) {
    if (from === "said") continue;
    const names = peers.get(path) ?? new Set();
    for (const name of labels.names) names.add(name);
    peers.set(path, names);
  }
  const isPeer = (path: string, name: string): boolean => peers.get(path)?.has(name) ?? false;
  const subjects = new Set([...peers.values()].flatMap((names) => [...names]));
  const isSubject = (name: string): boolean => subjects.has(name);
  const conflict = (claim: Labels, known: Known): Conflict => conflictOf(claim, known, isPeer, isSubject);
  return {
    conflict,
    /**
     * Whether one of the facts found is what the claim tells. The text of an item only tells its data again: where the data say it,
     * they decide what it is said of, except for names that the text itself gives.
     */
    accepts(claim: Labels, found: readonly Known[]): boolean {
      const worst = new Map<number, Conflict>();
      for (const known of found) {
        if (known.from === "text" || known.from === "said") continue;
        const kind = conflict(claim, known);
        if (kind === undefined) return true;
        if (worst.get(known.item) !== "label" && worst.get(known.item) !== "day") worst.set(known.item, kind);
      }
      return found.some((known) => {
        if (known.from === "said") return true;
        if (known.from !== "text" || conflict(claim, known) !== undefined) return false;
        const data = worst.get(known.item);
        return data === undefined || (data === "name" && meets(claim.names, known.labels.names));
      });
    },
  };
};

export type Support = ReturnType<typeof createSupport>;
