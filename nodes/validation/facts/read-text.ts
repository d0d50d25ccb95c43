import { claimGroups, oppositeOf } from "../text/concepts.ts";
import { negations } from "../text/denial-words.ts";
import { plainText, type Token } from "../text/tokens.ts";
import { unitById } from "../text/units.ts";
import { bareLengths } from "../text/word-measures.ts";
import { type Atom, type BoundText, bindText } from "./bind.ts";
import { type Change, changesIn } from "./changes.ts";
import type { Counter } from "./count-things.ts";
import { zuluMoments } from "./days.ts";
import { dialledIn } from "./dialled.ts";
import type { Fact, Moment } from "./fact.ts";
import { lengthFact } from "./length-fact.ts";
import type { NameTable } from "./name-table.ts";

/** Where what reading finds is put, and what it needs to know. */
export interface Reading {
  readonly names: NameTable;
  readonly today: string;
  readonly now: Date;
  readonly counter: Counter;
  put(fact: Fact): void;
  readonly moments: Moment[];
  readonly changes: Change[];
  readonly dialled: Set<string>;
  /** Figures inside codes: the 3 of Q3, the 17 of tlv-17. */
  readonly codeDigits: Set<number>;
  /** Whether there is one piece of evidence only: then what stands in its text may be counted. */
  readonly isAlone: boolean;
}

/** Reads a text of a piece of evidence (by its index), whose title's names hold where the text has none. */
export type ReadText = (raw: string, from: Fact["from"], item: number, title: ReadonlySet<string>) => void;

const noWords: ReadonlySet<string> = new Set();
const mostTexts = 2_000;

export const createTextReader = ({
  names,
  today,
  now,
  counter,
  put,
  moments,
  changes,
  dialled,
  codeDigits,
  isAlone,
}: Reading): ReadText => {
  // Data say the same over and over.
  const texts = new Map<string, BoundText>();
  const bind = (raw: string): BoundText => {
    const text = plainText(raw);
    const bound = texts.get(text) ?? bindText(text, today, (tokens) => names.namesAt(tokens, text));
    if (texts.size < mostTexts) texts.set(text, bound);
    return bound;
  };
  return (raw: string, from: Fact["from"], item: number, title: ReadonlySet<string>): void => {
    const bound = bind(raw);
    for (const { digits } of dialledIn(bound.tokens)) if (dialled.size < 500) dialled.add(digits);
    if (from !== "said" && changes.length < 200) changes.push(...changesIn(bound));
    for (const each of bound.atoms) {
      const atom = asDenied(each, bound.tokens);
      const all = atom.labels.names.size > 0 ? atom.labels.names : title;
      const sign = bound.tokens[atom.from - 1]?.text;
      const share = from === "said" ? undefined : brightnessOf(atom, bound.tokens);
      if (share) put({ atom: share, all, labels: atom.labels, from, item, path: "text ratio", isChange: false });
      put({
        atom,
        all,
        labels: atom.labels.names.size > 0 ? atom.labels : { ...atom.labels, names: title },
        from,
        item,
        path: `text ${atom.kind === "number" ? (atom.unit?.dimension ?? "plain") : atom.kind}`,
        isChange: sign === "+" || (sign === "-" && atom.kind === "number" && atom.unit?.dimension === "ratio"),
      });
    }
    if (from !== "said") for (const unit of bareLengths(bound.tokens)) put(lengthFact(1, unit, from, item, title));
    if (from !== "said")
      for (const epoch of zuluMoments(raw, now.getTime()))
        moments.push({
          epoch,
          labels: { names: title, days: new Set(), words: noWords, concepts: new Map() },
          all: title,
          item,
          path: "text zulu",
          zone: undefined,
        });
    for (const [, digits] of raw.matchAll(/[\p{L}-](\d{1,4})(?!\d)/gu)) codeDigits.add(Number(digits));
    if (!isAlone || from !== "text") return;
    counter.text(raw);
  };
};

/** Lamps count their brightness to 255: what "brightness: '128'" is in percent. */
const brightnessOf = (atom: Atom, tokens: readonly Token[]): Atom | undefined => {
  if (atom.kind !== "number" || atom.unit !== undefined) return undefined;
  const [value = -1] = atom.values;
  const before = tokens.slice(Math.max(0, atom.from - 3), atom.from);
  if (value < 0 || value > 255 || (before[0]?.lower !== "brightness" && before[1]?.lower !== "brightness"))
    return undefined;
  return before.some(({ text }) => text === ":")
    ? { ...atom, values: [(value / 255) * 100], unit: unitById("%") }
    : undefined;
};

/** "Not charging" is the other state of its class. */
const asDenied = (atom: Atom, tokens: readonly Token[]): Atom => {
  const other = atom.kind === "concept" && claimGroups.has(atom.group) ? oppositeOf(atom.id) : undefined;
  if (atom.kind !== "concept" || other === undefined) return atom;
  const isDenied = tokens.slice(Math.max(0, atom.from - 2), atom.from).some(({ lower }) => negations.test(lower));
  return isDenied ? { ...atom, id: other } : atom;
};
