import { describe, expect, test } from "vitest";
import { crewOf, type OnBench } from "../support/job-bench.ts";
import { untilAborted } from "../support/scripted-work.ts";

/** No job goes beyond its limits. */
export const jobEngineLimitsContract = (name: string, on: OnBench): void => {
  describe(`limits on ${name}`, () => {
    test.each([
      ["steps", { steps: 2 }, "2 steps"],
      ["tokens", { tokens: 15 }, "15 tokens"],
      ["budget", { budget: 0.015 }, "its budget of 0.015"],
    ])("of %s end the job before another task begins", (_name, limits, words) =>
      on(async ({ begin, ends, work }) => {
        const id = await begin(crewOf([{ id: "one" }, { id: "two" }, { id: "three" }], { limits }));
        expect(await ends(id)).toMatchObject({
          status: "failed",
          error: { code: "LIMIT_REACHED", task: "three", message: expect.stringContaining(words) },
          usage: { tokens: 20 },
        });
        expect(work.began).toHaveLength(2);
      }),
    );

    test("of time end a task that runs", () =>
      on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }, { id: "two" }], { limits: { wall_seconds: 1 } }));
          expect(await ends(id)).toMatchObject({
            status: "failed",
            error: { code: "LIMIT_REACHED", task: "one", message: expect.stringContaining("1 seconds") },
          });
          expect(work.began).toEqual([`${id}/one/1`]);
          expect(work.aborted).toEqual([`${id}/one/1`]);
        },
        (_request, { signal }) => untilAborted(signal),
      ));
  });
};
