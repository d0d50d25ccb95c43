import type { NumberQuantity } from "../text/quantity.ts";
import type { Atom, BoundText } from "./bind.ts";
import type { Fact } from "./fact.ts";
import { compareNumbers } from "./match-numbers.ts";

type NumberAtom = Extract<Atom, { kind: "number" }>;

/** What a figure was, and what it is. */
export interface Change {
  readonly before: NumberQuantity;
  readonly now: NumberQuantity;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));
const fromWords = words("from z ze od з із зі від מ מן");
const toWords = words("to do na до на ל עד");
/** Between two figures: the second is the older one. */
const pastBetween = words(
  `instead was were previously before earlier ago yesterday from versus against compared formerly
   zamiast było był była wcześniej poprzednio temu przedtem wczoraj wobec
   замість було був була раніше попередньо тому вчора проти
   במקום היה היו היתה הייתה קודם לפני אתמול לעומת`,
);
const pastBehind = words("yesterday before earlier ago previously wczoraj wcześniej temu вчора раніше тому אתמול קודם");
const pastFields = words("before previous prev yesterday ago prior earlier old was hour day week month year last");
const isPast = words("before previous prev yesterday ago prior earlier old was");
const furthest = 8;

const dimensionOf = (atom: NumberAtom): string | undefined => atom.unit?.dimension;

/** The changes that a text tells: "from 3 to 5", "5 instead of 3", "5 (was 3)", "up from 3". */
export const changesIn = ({ tokens, atoms }: BoundText): Change[] => {
  const numbers = atoms.filter((atom): atom is NumberAtom => atom.kind === "number" && !atom.ordinal);
  const found: Change[] = [];
  for (const [index, left] of numbers.entries())
    for (const right of numbers.slice(index + 1, index + 3)) {
      if (right.from - left.to > furthest) break;
      const [one, other] = [dimensionOf(left), dimensionOf(right)];
      if (one !== other && one !== undefined && other !== undefined) continue;
      const between = tokens.slice(left.to, right.from).map(({ lower }) => lower);
      if (between.some((word) => /^[.!?;]$/.test(word))) break;
      const lead = tokens.slice(Math.max(0, left.from - 2), left.from);
      if (lead.some(({ lower }) => fromWords.has(lower)) && between.some((word) => toWords.has(word)))
        found.push({ before: left, now: right });
      else if (
        between.some((word) => pastBetween.has(word)) ||
        tokens.slice(right.to, right.to + 3).some(({ lower }) => pastBehind.has(lower))
      )
        found.push({ before: right, now: left });
    }
  return found;
};

const fieldOf = (path: string): { parent: string; words: string[] } => {
  const cut = path.lastIndexOf(".");
  const parts = path.slice(cut + 1).replace(/([a-z\d])([A-Z])/g, "$1 $2");
  return { parent: path.slice(0, Math.max(0, cut)), words: parts.toLowerCase().split(/[^\p{L}\p{N}]+/u) };
};

/** The changes that fields of data tell: `p95Ms` beside `p95BeforeMs`, `price` beside `previousPrice`. */
const changesOf = (facts: readonly Fact[]): Change[] => {
  const data = facts.filter(({ atom, from }) => atom.kind === "number" && from === "data").slice(0, 2_000);
  const found: Change[] = [];
  for (const [index, past] of data.entries()) {
    const field = fieldOf(past.path);
    if (!field.words.some((word) => isPast.has(word))) continue;
    const stem = field.words.filter((word) => !pastFields.has(word));
    const now = data.slice(Math.max(0, index - 20), index + 20).find((fact) => {
      if (fact === past || fact.item !== past.item) return false;
      const other = fieldOf(fact.path);
      if (other.parent !== field.parent || other.words.some((word) => isPast.has(word))) return false;
      return other.words.join() === stem.join() || (stem.length === 1 && other.words[0]?.startsWith(stem[0] ?? "?"));
    });
    if (now?.atom.kind === "number" && past.atom.kind === "number") found.push({ before: past.atom, now: now.atom });
  }
  return found;
};

const tellsSame = (claim: NumberQuantity, fact: NumberQuantity): boolean => compareNumbers(claim, fact) !== undefined;

/** Judges the order of changes: what was first in the evidence is not told as what came of it. */
export const createChangeCheck = (facts: readonly Fact[], told: readonly Change[]) => {
  const known = [...told, ...changesOf(facts)].slice(0, 200);
  return (bound: BoundText): string | undefined => {
    if (known.length === 0) return undefined;
    for (const claim of changesIn(bound)) {
      const isTold = known.some(({ before, now }) => tellsSame(claim.before, before) && tellsSame(claim.now, now));
      const isReversed = known.some(({ before, now }) => tellsSame(claim.before, now) && tellsSame(claim.now, before));
      if (isReversed && !isTold) return (claim.now as NumberAtom).written;
    }
    return undefined;
  };
};
