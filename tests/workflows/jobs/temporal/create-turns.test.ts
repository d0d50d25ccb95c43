import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTurns } from "../../../../workflows/jobs/temporal/create-turns.ts";

test("of works that are asked for together one is under way at a time, in the order in which they were asked for", async () => {
  const works = fc.array(fc.record({ waits: fc.nat(3), fails: fc.boolean() }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(works, async (all) => {
      const inTurn = createTurns();
      const seen: string[] = [];
      const asked = all.map(({ waits, fails }, index) =>
        inTurn(async () => {
          seen.push(`begins ${index}`);
          await delay(waits);
          seen.push(`ends ${index}`);
          if (fails) throw new Error(`${index} failed`);
          return index;
        }),
      );
      const given = await Promise.allSettled(asked);
      expect(seen).toEqual(all.flatMap((_, index) => [`begins ${index}`, `ends ${index}`]));
      expect(given.map(({ status }) => status)).toEqual(all.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
    }),
    { numRuns: 25 },
  );
});
