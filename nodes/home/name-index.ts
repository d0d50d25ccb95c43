import type { Home, HomeArea, HomeEntity, HomeFloor } from "./home.ts";
import { foldWord, tokeniseHomeText } from "./tokenise-home-text.ts";

export type Named =
  | { readonly kind: "entity"; readonly of: HomeEntity }
  | { readonly kind: "area"; readonly of: HomeArea }
  | { readonly kind: "floor"; readonly of: HomeFloor };

interface Spelling {
  readonly text: string;
  readonly named: Named;
  /** Its place among all, for hits to come in the home's own order. */
  readonly order: number;
}

/** A word of names, and the words that follow it in them, by their first letters. */
interface NameNode {
  readonly next: Map<string, Map<string, NameNode>>;
  readonly ends: Spelling[];
}

/** One name found in a sentence. */
export interface NameHit {
  /** How many words it takes. */
  readonly length: number;
  /** The spelling to give in a slot. */
  readonly spelling: string;
  /** Whether it stood there letter by letter rather than inflected. */
  readonly exact: boolean;
  readonly named: Named;
}

export interface NameIndex {
  /** The names that begin at a word. `words` are the sentence's, each in all its forms (with and without glued prefixes). */
  at(words: readonly (readonly string[])[], from: number, plain: boolean): readonly NameHit[];
}

const keyLength = 2;

/** Floors that only areas tell of. */
const unlistedFloors = ({ areas, floors }: Home): HomeFloor[] => {
  const known = new Set(floors.flatMap(({ names, id }) => [...names, id]));
  const told = areas.flatMap(({ floor }) => (floor === undefined || known.has(floor) ? [] : [floor]));
  return [...new Set(told)].map((name) => ({ names: [name] }));
};

const namedOf = (home: Home): readonly Named[] => [
  ...home.entities.map((of) => ({ kind: "entity" as const, of })),
  ...home.areas.map((of) => ({ kind: "area" as const, of })),
  ...home.floors.map((of) => ({ kind: "floor" as const, of })),
  ...unlistedFloors(home).map((of) => ({ kind: "floor" as const, of })),
];

/** Whether two words differ only by endings that the language's words take. */
const sameStem = (one: string, other: string, endings: ReadonlySet<string>): boolean => {
  let common = 0;
  while (common < one.length && one[common] === other[common]) common += 1;
  // A shared ending letter may belong to either part: kuchnia/kuchni, ogród/ogrodzie.
  for (let cut = common; cut >= Math.max(2, common - 2); cut -= 1)
    if (
      cut + 1 >= Math.min(one.length, other.length) / 2 &&
      endings.has(one.slice(cut)) &&
      endings.has(other.slice(cut))
    )
      return cut >= 3 || Math.min(one.length, other.length) <= 4;
  return false;
};

const newNode = (): NameNode => ({ next: new Map(), ends: [] });

const nodeAfter = (node: NameNode, word: string): NameNode => {
  const key = word.slice(0, keyLength);
  const alike = node.next.get(key) ?? new Map<string, NameNode>();
  node.next.set(key, alike);
  const known = alike.get(word) ?? newNode();
  alike.set(word, known);
  return known;
};

const addName = (root: NameNode, words: readonly string[], spelling: Spelling): void => {
  let node = root;
  for (const word of words) node = nodeAfter(node, word);
  node.ends.push(spelling);
};

interface Step {
  readonly node: NameNode;
  readonly exact: boolean;
}

/** Where a word leads: to the same word, or to one that differs by its ending only. */
const stepsOf = (node: NameNode, forms: readonly string[], endings: ReadonlySet<string>): Step[] => {
  const steps: Step[] = [];
  for (const key of new Set(forms.map((form) => form.slice(0, keyLength)))) {
    const alike = node.next.get(key);
    if (!alike) continue;
    if (endings.size === 0) {
      for (const form of new Set(forms)) {
        const same = form.startsWith(key) ? alike.get(form) : undefined;
        if (same && form.slice(0, keyLength) === key) steps.push({ node: same, exact: true });
      }
      continue;
    }
    for (const [word, next] of alike) {
      const exact = forms.includes(word);
      if (exact || forms.some((form) => sameStem(form, word, endings))) steps.push({ node: next, exact });
    }
  }
  return steps;
};

/** An index of everything that has a name in a home. Built once for a home; looking up costs a few comparisons. */
export const buildNameIndex = (home: Home, nameEndings: readonly string[]): NameIndex => {
  const written = { root: newNode(), endings: new Set(nameEndings) };
  const folded = { root: newNode(), endings: new Set(nameEndings.map(foldWord)) };
  let order = 0;
  for (const named of namedOf(home))
    for (const text of named.of.names) {
      const words = tokeniseHomeText(text).map(({ word }) => word);
      if (words.length === 0) continue;
      // Two words may change places: "Curtain Left" is the left curtain.
      const isPair = words.length === 2 && named.kind === "entity" && nameEndings.length === 0;
      for (const said of isPair ? [words, words.toReversed()] : [words]) {
        const spelling = { text, named, order };
        order += 1;
        addName(written.root, said, spelling);
        addName(folded.root, said.map(foldWord), spelling);
      }
    }

  return {
    at(words, from, plain) {
      const { root, endings } = plain ? folded : written;
      const hits: (NameHit & { readonly order: number })[] = [];
      let steps: readonly Step[] = [{ node: root, exact: true }];
      for (let at = from; at < words.length && steps.length > 0; at += 1) {
        steps = steps.flatMap(({ node, exact }) =>
          stepsOf(node, words[at]!, endings).map((step) => ({ node: step.node, exact: exact && step.exact })),
        );
        for (const { node, exact } of steps)
          for (const { text, named, order: place } of node.ends)
            hits.push({
              length: at - from + 1,
              exact,
              named,
              spelling: exact ? text : named.of.names[0]!,
              order: place,
            });
      }
      return hits.sort((one, other) => one.order - other.order);
    },
  };
};
