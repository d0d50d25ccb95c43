import type { BoundText } from "../facts/bind.ts";
import { clausesOf } from "../records/clauses-of.ts";

/** As a field of data has it in front: `uvIndex`, `waveHeightM`. */
function fieldOf({ source }: RegExp): RegExp {
  return new RegExp(`${source.slice(0, -1)}(?:_|index|height|temp|level|max)`);
}

/** Things whose measure is told apart from that of the air: how an answer names them, and of which dimension. */
const carriers = (
  [
    [/^(?:water|wod[aąyę]|wodzie|вод[аиуі]|водою|מים|המים|מי)$/, "temperature"],
    [/^(?:soil|ground|gleb[aąyę]|gruntu?|ґрунту?|אדמה|הקרקע)$/, "temperature"],
    [/^(?:waves?|fal[aeęy]|хвил[яііь]|хвилі|גלים|הגלים|גובה הגלים)$/, "length"],
    [/^(?:pollen|pyłk\p{L}+|пил(?:ок|ку)|אבקנים)$/u, "plain"],
    [/^(?:uv|уф)$/, "plain"],
  ] as const
).map(([pattern, dimension]) => ({ pattern, dimension, inField: fieldOf(pattern) }));

/** What a clause gives a measure of though nothing known speaks of it ("the water is 19 °C" of a report on air); undefined for none. */
export const unknownMeasure = (
  { tokens, quantities }: BoundText,
  isKnown: (pattern: RegExp) => boolean,
): string | undefined => {
  for (const [from, to] of clausesOf(tokens))
    for (const { pattern, dimension, inField } of carriers) {
      const carrier = tokens.slice(from, to).find(({ lower }) => pattern.test(lower));
      if (carrier === undefined) continue;
      const isMeasured = quantities.some(
        (quantity) =>
          quantity.kind === "number" &&
          quantity.from >= from &&
          quantity.to <= to &&
          (quantity.unit?.dimension ?? "plain") === dimension,
      );
      if (isMeasured && !isKnown(pattern) && !isKnown(inField)) return carrier.text;
    }
  return undefined;
};
