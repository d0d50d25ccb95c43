import type { Ground } from "../ground.ts";
import type { KnownNames } from "../known-names.ts";
import { conceptsOf } from "../text/concepts.ts";
import { inventedInstitution } from "./institutions.ts";
import { collectLabelled, wrongLabel } from "./labelled-numbers.ts";
import { headsOf, replacedThing } from "./named-things.ts";
import { unknownMeasure } from "./unknown-measure.ts";

interface Details {
  readonly words: ReadonlySet<string>;
  readonly colours: ReadonlySet<string>;
  readonly labelled: ReadonlyMap<string, ReadonlySet<number>>;
  readonly heads: ReadonlySet<string>;
}

const cached = new WeakMap<KnownNames, Details>();
const detailsOf = (known: KnownNames, { evidence, actions }: Ground): Details => {
  const seen = cached.get(known);
  if (seen) return seen;
  const words = new Set<string>();
  for (const tokens of known.readTexts) for (const { lower } of tokens) words.add(lower);
  const details: Details = {
    words,
    colours: new Set([...words].flatMap(coloursOf)),
    labelled: collectLabelled(known.readTexts, [
      ...evidence.map(({ data }) => data),
      ...actions.map(({ args }) => args),
    ]),
    heads: headsOf(known),
  };
  cached.set(known, details);
  return details;
};

const coloursOf = (word: string): string[] =>
  conceptsOf(word).flatMap(({ group, id }) => (group === "colour" ? [id] : []));

/** A detail that stands where the evidence has another: a colour, a numbered thing, an ingredient, something measured, a source. */
export const unknownDetail = (sentence: string, ground: Ground, known: KnownNames): string | undefined => {
  const bound = ground.read(sentence);
  const { words, colours, labelled, heads } = detailsOf(known, ground);
  const wrong = wrongLabel(sentence, labelled) ?? replacedThing(bound.tokens, known, heads);
  if (wrong !== undefined) return wrong;
  const isKnown = (pattern: RegExp) => [...words].some((word) => pattern.test(word));
  // A report on the air tells nothing of water; elsewhere water has its own measures.
  const isWeather = ground.evidence.some(({ service, data }) => service === "weather" || data.kind === "weather");
  const measured = isWeather ? unknownMeasure(bound, isKnown) : undefined;
  const source = inventedInstitution(
    sentence,
    bound.tokens.map(({ lower }) => lower),
    isKnown,
  );
  if (measured !== undefined || source !== undefined || colours.size === 0) return measured ?? source;
  return bound.tokens.find(({ kind, lower }) => {
    const told = kind === "word" ? coloursOf(lower) : [];
    return told.length > 0 && told.every((colour) => !colours.has(colour));
  })?.text;
};
