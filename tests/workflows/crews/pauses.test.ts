import fc from "fast-check";
import { expect, test } from "vitest";
import { type Pause, pausedMs } from "../../../workflows/crews/pauses.ts";

const pauses: fc.Arbitrary<readonly Pause[]> = fc.array(
  fc.tuple(fc.nat(60), fc.nat(20)).map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 8 },
);

test("what passes in several pauses at once passes once, in whatever order they ended", () => {
  expect(pausedMs([])).toBe(0);
  fc.assert(
    fc.property(pauses, (given) => {
      const moments = new Set(given.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at)));
      expect(pausedMs(given)).toBe(moments.size);
    }),
  );
});
