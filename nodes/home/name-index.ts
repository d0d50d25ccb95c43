import type { Home, HomeArea, HomeEntity, HomeFloor } from "./home.ts";
import { foldWord, tokeniseHomeText } from "./tokenise-home-text.ts";

export type Named =
  | { readonly kind: "entity"; readonly of: HomeEntity }
  | { readonly kind: "area"; readonly of: HomeArea }
  | { readonly kind: "floor"; readonly of: HomeFloor };

interface Spelling {
  readonly words: readonly string[];
  readonly plain: readonly string[];
  readonly text: string;
  readonly named: Named;
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

/** An index of everything that has a name in a home. Built once for a home; looking up costs a few comparisons. */
export const buildNameIndex = (home: Home, nameEndings: readonly string[]): NameIndex => {
  const endings = new Set(nameEndings);
  const plainEndings = new Set(nameEndings.map(foldWord));
  const byKey = new Map<string, Spelling[]>();
  const add = (words: readonly string[], text: string, named: Named): void => {
    const plain = words.map(foldWord);
    const spelling = { words, plain, text, named };
    for (const key of new Set([words[0]!.slice(0, keyLength), plain[0]!.slice(0, keyLength)])) {
      const known = byKey.get(key);
      if (known) known.push(spelling);
      else byKey.set(key, [spelling]);
    }
  };
  for (const named of namedOf(home))
    for (const text of named.of.names) {
      const written = tokeniseHomeText(text).map(({ word }) => word);
      // Two words may change places: "Curtain Left" is the left curtain.
      const orders =
        written.length === 0
          ? []
          : written.length === 2 && named.kind === "entity" && nameEndings.length === 0
            ? [written, written.toReversed()]
            : [written];
      for (const words of orders) add(words, text, named);
    }

  const compare = (
    forms: readonly string[],
    word: string,
    inflections: ReadonlySet<string>,
  ): "exact" | "stem" | undefined => {
    if (forms.includes(word)) return "exact";
    return inflections.size > 0 && forms.some((form) => sameStem(form, word, inflections)) ? "stem" : undefined;
  };

  return {
    at(words, from, plain) {
      const inflections = plain ? plainEndings : endings;
      const hits: NameHit[] = [];
      const seen = new Set<Spelling>();
      for (const form of words[from] ?? [])
        for (const spelling of byKey.get(form.slice(0, keyLength)) ?? []) {
          if (seen.has(spelling)) continue;
          seen.add(spelling);
          const wanted = plain ? spelling.plain : spelling.words;
          if (from + wanted.length > words.length) continue;
          let exact = true;
          const matches = wanted.every((word, index) => {
            const how = compare(words[from + index]!, word, inflections);
            if (how !== "exact") exact = false;
            return how !== undefined;
          });
          if (!matches) continue;
          const { named } = spelling;
          hits.push({ length: wanted.length, exact, named, spelling: exact ? spelling.text : named.of.names[0]! });
        }
      return hits;
    },
  };
};
