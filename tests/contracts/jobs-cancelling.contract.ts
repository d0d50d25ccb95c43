import { describe, expect, test } from "vitest";
import { completed } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";

/** A wish to cancel stays until the job ends. */
export const jobsCancellingContract = ({ partsOf, begin, saidIn }: JobStoreBench): void => {
  describe("jobs", () => {
    test("the wish to cancel is kept until the job ends; one that has ended stays as it is", async () => {
      const { jobs, records, ...rest } = partsOf();
      const { principal, id } = await begin({ jobs, records, ...rest });
      expect(await records.wishesToCancel(id)).toBe(false);
      expect(await jobs.cancel(principal.id, id)).toMatchObject({ status: "queued" });
      expect(await records.wishesToCancel(id)).toBe(true);
      const ended = await begin({ jobs, records, ...rest });
      await records.finish(ended.id, completed("Done."));
      expect(await jobs.cancel(ended.principal.id, ended.id)).toMatchObject({ status: "completed" });
      expect(await records.wishesToCancel(ended.id)).toBe(false);
    });

    test("one that was never started ends without an engine when it is cancelled; any other is left to its engine", async () => {
      const parts = partsOf();
      const [unbegun, begun, unasked] = [await begin(parts), await begin(parts), await begin(parts)];
      await parts.records.started(begun.id);
      for (const { id, principal } of [unbegun, begun]) await parts.jobs.cancel(principal.id, id);
      for (const { id } of [unbegun, begun, unasked]) await parts.records.cancelUnbegun(id);
      const statusOf = async ({ id, principal }: typeof begun) => (await parts.jobs.get(principal.id, id))?.status;
      expect(await Promise.all([unbegun, begun, unasked].map(statusOf))).toEqual(["cancelled", "running", "queued"]);
      expect(await saidIn(parts, unbegun.principal, unbegun.job.threadId)).toHaveLength(1);
      expect(await parts.records.work(unbegun.id)).toBeUndefined();
    });
  });
};
