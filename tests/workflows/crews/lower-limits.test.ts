import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerLimits } from "../../../workflows/crews/lower-limits.ts";
import { sampleCrew } from "../../support/sample-crew.ts";

const bound = fc.record(
  {
    steps: fc.integer({ min: 1, max: 2_000 }),
    tokens: fc.integer({ min: 1, max: 20_000_000 }),
    wallSeconds: fc.integer({ min: 1, max: 1_000_000 }),
    budget: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
  },
  { requiredKeys: [] },
);

test("the lowest of all limits holds, in whatever order they come; nothing else of the crew changes", () => {
  fc.assert(
    fc.property(fc.array(bound, { maxLength: 4 }), fc.option(fc.constant(5)), (bounds, own) => {
      const crew = sampleCrew(["one"], {
        limits: { steps: 10, tokens: 1_000, ...(own === null ? {} : { budget: own }) },
      });
      const lowered = lowerLimits(crew, ...bounds);
      for (const name of ["steps", "tokens", "wallSeconds"] as const) {
        expect(lowered.limits[name]).toBe(Math.min(crew.limits[name], ...bounds.flatMap((each) => each[name] ?? [])));
      }
      const budgets = [crew.limits, ...bounds].flatMap(({ budget }) => budget ?? []);
      expect(lowered.limits.budget).toBe(budgets.length === 0 ? undefined : Math.min(...budgets));
      expect(lowerLimits(crew, ...bounds.toReversed())).toEqual(lowered);
      expect({ ...lowered, limits: 0 }).toEqual({ ...crew, limits: 0 });
    }),
  );
});
