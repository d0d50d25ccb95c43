import type { Home, HomeContext, HomeReading } from "../home/home.ts";
import type { HomeParser } from "../home/home-parser.ts";
import type { HomeSigns } from "../home/read-signs.ts";

/** What a turn may read: hostile lists of "and" must not cost much more than an order. */
export const mostLettersRead = 5_000;

export interface BoundedReader {
  readonly parse: (text: string) => HomeReading;
  readonly signs: (text: string) => HomeSigns;
  /** Whether something was not read any more; what was read so far is then no ground to act on. */
  readonly isSpent: () => boolean;
}

export interface ReaderOptions {
  readonly home?: Home;
  readonly context?: HomeContext;
  readonly language: string;
}

const noSigns: HomeSigns = {
  asked: false,
  negated: false,
  conditional: false,
  actions: new Set(),
  orderAt: -1,
  opensWithOrder: false,
  opensWithQuestion: false,
  unknown: [],
};

/** Reads texts of one turn, each once, until as many letters were read as a turn may cost. */
export const createReadingBudget = (parser: Pick<HomeParser, "parse" | "signs">, letters = mostLettersRead) => {
  let left = letters;
  let spent = false;
  const bounded = <Read>(read: (text: string) => Read, nothing: Read): ((text: string) => Read) => {
    const known = new Map<string, Read>();
    return (text) => {
      if (known.has(text)) return known.get(text)!;
      if (left < text.length) {
        spent = true;
        return nothing;
      }
      left -= text.length;
      const found = read(text);
      known.set(text, found);
      return found;
    };
  };
  return {
    readerFor: (options: ReaderOptions): BoundedReader => ({
      parse: bounded<HomeReading>((text) => parser.parse(text, options), undefined),
      signs: bounded((text) => parser.signs(text, options), noSigns),
      isSpent: () => spent,
    }),
  };
};
