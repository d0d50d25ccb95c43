import type { Atom, BoundText } from "./bind.ts";
import type { Fact } from "./fact.ts";
import { compareNumbers } from "./match-numbers.ts";

type NumberAtom = Extract<Atom, { kind: "number" }>;
type NumberFact = Fact & { readonly atom: NumberAtom };

const dimensionOf = ({ unit }: NumberAtom): string => unit?.dimension ?? "plain";

const counted = new WeakMap<readonly Atom[], ReadonlyMap<ReadonlySet<string>, number>>();

/** How many figures of a text stand by the same words. */
const figuresBeside = (atoms: readonly Atom[]): ReadonlyMap<ReadonlySet<string>, number> => {
  const known = counted.get(atoms);
  if (known) return known;
  const counts = new Map<ReadonlySet<string>, number>();
  for (const { kind, labels } of atoms)
    if (kind === "number") counts.set(labels.words, (counts.get(labels.words) ?? 0) + 1);
  counted.set(atoms, counts);
  return counts;
};

/** Judges by the words beside a figure whether a known one with its value is what they tell. */
export const createWordCheck = (numbers: readonly NumberFact[]) => {
  const told = numbers.filter(({ from }) => from !== "said");
  // Words that stand by figures of a text, by dimension: "students" have their own price.
  const byDimension = new Map<string, { readonly words: Set<string>; readonly facts: NumberFact[] }>();
  const byNoun = new Map<string, NumberFact[]>();
  for (const fact of told) {
    const { atom, labels } = fact;
    const dimension = dimensionOf(atom);
    const known = byDimension.get(dimension) ?? { words: new Set<string>(), facts: [] };
    byDimension.set(dimension, known);
    for (const word of labels.words) known.words.add(word);
    if (labels.words.size > 0 && known.facts.length < 200) known.facts.push(fact);
    if (labels.noun === undefined || atom.pair || atom.ordinal) continue;
    const key = `${dimension} ${labels.noun}`;
    const same = byNoun.get(key) ?? [];
    byNoun.set(key, same);
    if (same.length < 100) same.push(fact);
  }

  /** Where the evidence has figures of the noun that an answer counts, one of them is what it tells. */
  const nounFits = (claim: NumberAtom): boolean => {
    const { noun } = claim.labels;
    if (noun === undefined || claim.pair || claim.ordinal) return true;
    const peers = byNoun.get(`${dimensionOf(claim)} ${noun}`);
    return peers === undefined || peers.some(({ atom }) => compareNumbers(claim, atom) !== undefined);
  };

  /**
   * Whether one of the facts found stands by a word of the answer's, where figures of its dimension do, and no fact of another
   * value stands by those and more.
   */
  const wordsFit = (claim: NumberAtom, found: readonly NumberFact[], { atoms }: BoundText): boolean => {
    if (claim.unit === undefined || claim.labels.concepts.has("mood") || claim.pair) return true;
    const candidates = found.filter(({ labels, from }) => labels.words.size > 0 && from !== "said");
    if (candidates.length === 0) return true;
    // "2.3 bar in front and 2.1 behind": a bare figure stands by other words than those with the unit.
    if (candidates.some(({ atom }) => dimensionOf(atom) !== dimensionOf(claim))) return true;
    const known = byDimension.get(dimensionOf(claim));
    const own = [...claim.labels.words].filter((word) => known?.words.has(word));
    if (own.length === 0) return true;
    const shared = ({ labels }: NumberFact) => own.filter((word) => labels.words.has(word));
    if (candidates.every((fact) => shared(fact).length === 0)) return false;
    // Words between several figures of a kind are told of any of them.
    if ((figuresBeside(atoms).get(claim.labels.words) ?? 0) > 1) return true;
    const rivals = (known?.facts ?? [])
      .filter((fact) => compareNumbers(claim, fact.atom) === undefined)
      .map((fact) => ({ labels: fact.labels, words: new Set(shared(fact)) }));
    return candidates.some((fact) => {
      const words = shared(fact);
      if (words.length === 0) return false;
      const isWhole = words.length === fact.labels.words.size;
      return !rivals.some(
        (rival) =>
          (rival.words.size > words.length && words.every((word) => rival.words.has(word))) ||
          // "child 35": all that the rival is called is said, and not all that this is.
          (!isWhole &&
            rival.words.size > 0 &&
            rival.words.size === rival.labels.words.size &&
            [...rival.words].some((word) => !fact.labels.words.has(word))),
      );
    });
  };
  return { nounFits, wordsFit };
};
