import fc from "fast-check";
import { expect, test } from "vitest";
import { dropRepeated } from "../../../atlas/recall/drop-repeated.ts";

test("a text goes when it shares nine tenths of its terms with a better one, and no other does", () => {
  const terms = fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(terms, { maxLength: 30 }), fc.integer({ min: 1, max: 30 }), (texts, most) => {
      const expected: number[][] = [];
      for (const text of texts) {
        const own = new Set(text);
        const repeats = expected.some((better) => {
          const union = new Set([...better, ...own]).size;
          const common = [...own].filter((term) => better.includes(term)).length;
          return 10 * common >= 9 * union;
        });
        if (!(own.size >= 4 && repeats) && expected.length < most) expected.push(text);
      }
      const kept = dropRepeated(texts, most, (text) => Int32Array.from(text));
      expect(kept).toEqual(expected);
    }),
  );
});
