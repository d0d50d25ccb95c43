import type { Atom } from "./bind.ts";
import type { Fact } from "./fact.ts";
import { tells } from "./match-numbers.ts";

export type NumberAtom = Extract<Atom, { kind: "number" }>;
export type NumberFact = Fact & { readonly atom: NumberAtom };

/** A known figure that others may follow from. */
export interface Term {
  readonly fact: NumberFact;
  readonly value: number;
}

const mostTerms = 300;
const mostPairs = 6_000;
/** Pairs tried in all for one answer: a long list of invented figures must not hold the process up. */
const budget = 1_000_000;

/** Whether a figure stands in a text rather than in a field of its own. */
export const isProse = ({ path }: NumberFact): boolean => path.startsWith("text ");

export const firstOf = ({ atom }: { readonly atom: NumberAtom }): number => atom.values[0] ?? 0;

/** Whether a told figure, without its sign, is a derived value, rounded as it is told. */
export const isTold = (claim: NumberAtom, value: number): boolean =>
  Number.isFinite(value) && value !== 0 && claim.values.some((told) => tells(claim, Math.abs(told), Math.abs(value)));

/** The words of the field that a figure stands in. */
export const wordsOfPath = (path: string): readonly string[] =>
  (path.split(".").at(-1) ?? "")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2);

interface Pair {
  readonly left: Term;
  readonly right: Term;
  readonly needsWords: boolean;
}

/** The known figures as terms of a calculation, in the unit that is asked for. */
export interface Terms {
  /** Those that may be a figure of the claim's kind. */
  forClaim(claim: NumberAtom): readonly Term[];
  /** Figures without a unit that may be counts. */
  readonly counts: readonly NumberFact[];
  /** Applies to each pair that tells the same kind of thing; true when one gives a true. */
  somePair(claim: NumberAtom, isCompared: boolean, test: (left: Term, right: Term) => boolean): boolean;
}

export const createTerms = (numbers: readonly NumberFact[]): Terms => {
  const isId = ({ path }: NumberFact) => /(?:^|\.|_)(?:id|uuid|latitude|longitude|year|page|section)$|Id$/.test(path);
  const known = numbers
    .filter((fact) => !isId(fact) && (fact.from !== "said" || numbers.length < 40))
    .slice(0, mostTerms);
  const dimensions = new Set(known.flatMap(({ atom, from }) => (from === "said" ? [] : [atom.unit?.dimension])));
  const words = new Map(known.map(({ path }) => [path, wordsOfPath(path)] as const));
  const byUnit = new Map<string, readonly Term[]>();
  const pairsBy = new Map<string, readonly Pair[]>();
  let spent = 0;

  /** A fact's value in the unit of a difference, which knows no offset; undefined when they cannot be compared. */
  const valueFor = (unit: NumberAtom["unit"], fact: NumberFact): number | undefined => {
    const { atom } = fact;
    const value = atom.values[0] ?? 0;
    if (unit === undefined) return value;
    if (atom.unit === undefined)
      return unit.dimension === "ratio" || (isProse(fact) && dimensions.has(unit.dimension)) ? undefined : value;
    if (unit.id === "cent" && atom.unit.dimension === "money") return value * 100;
    if (unit.dimension === "money" && atom.unit.id === "cent") return value / 100;
    if (atom.unit.dimension !== unit.dimension) return undefined;
    if (unit.dimension === "money") return unit.id === atom.unit.id ? value : undefined;
    return (value * atom.unit.factor) / unit.factor;
  };

  const forUnit = (unit: NumberAtom["unit"]): readonly Term[] => {
    const key = unit?.id ?? "";
    const found =
      byUnit.get(key) ??
      known.flatMap((fact) => {
        const value = valueFor(unit, fact);
        return value === undefined ? [] : [{ fact, value }];
      });
    byUnit.set(key, found);
    return found;
  };

  /**
   * Figures of one dimension that stand in one field of several things, or in one thing under names that have a word in common.
   * "words": bare figures of a text, only where the claim's own words stand by one of them.
   */
  const likeness = (unit: NumberAtom["unit"], left: NumberFact, right: NumberFact): boolean | "words" => {
    const [one, other] = [left, right].map(({ atom }) => (atom.unit?.id === "cent" ? "money" : atom.unit?.dimension));
    if (one !== other && one !== undefined && other !== undefined) return false;
    const [measure, otherMeasure] = [left, right].map(({ labels }) => labels.concepts.get("measure"));
    if (measure && otherMeasure && ![...measure].some((item) => otherMeasure.has(item))) return false;
    if (left.path === right.path && left.path !== "text plain") return true;
    if (left.item !== right.item) return left.from === "said" || right.from === "said";
    if (one !== undefined || other !== undefined || left.from === "action" || unit !== undefined) return true;
    return (words.get(left.path)?.some((word) => words.get(right.path)?.includes(word)) ?? false) || "words";
  };

  const isSameField = (left: string, right: string): boolean =>
    left === right || (words.get(left)?.at(-1) !== undefined && words.get(left)?.at(-1) === words.get(right)?.at(-1));

  const pairsFor = (unit: NumberAtom["unit"], isCompared: boolean): readonly Pair[] => {
    const key = `${unit?.id ?? ""}/${isCompared}`;
    const found = pairsBy.get(key);
    if (found) return found;
    const all = forUnit(unit);
    const data = all.filter(({ fact }) => fact.from === "data");
    const from = isCompared && data.length > 1 ? data : all;
    const pairs: Pair[] = [];
    for (const [index, left] of from.entries())
      for (let other = index + 1; other < from.length && pairs.length < mostPairs; other += 1) {
        const right = from[other] as Term;
        const like = likeness(unit, left.fact, right.fact);
        // Two things are compared in the same respect.
        if (like === false || (isCompared && !isSameField(left.fact.path, right.fact.path))) continue;
        pairs.push({ left, right, needsWords: like === "words" });
      }
    pairsBy.set(key, pairs);
    return pairs;
  };

  return {
    counts: known.filter(({ atom }) => atom.unit === undefined && !atom.ordinal && Number.isInteger(atom.values[0])),
    forClaim: ({ unit }) => forUnit(unit),
    somePair(claim, isCompared, test) {
      const pairs = pairsFor(claim.unit, isCompared);
      spent += pairs.length;
      if (spent > budget) return false;
      const sharesWord = ({ fact: { labels, path } }: Term) =>
        [...claim.labels.words].some((word) => labels.words.has(word) || (words.get(path)?.includes(word) ?? false));
      return pairs.some(
        ({ left, right, needsWords }) => test(left, right) && (!needsWords || sharesWord(left) || sharesWord(right)),
      );
    },
  };
};

/** Two for "both", else nothing: a count that a word tells. */
export const bothWords =
  /^ו?[בל]?(?:both|couple|pair|obie|oba|obu|obydw\p{L}+|обидв\p{L}+|обоє|обох|oboje|obojga|שניהם|שתיהן|שני|שתי)$/u;
