import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { completed, failed, modes, resultQuestion } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Who may read which jobs, and what a list shows of them. */
export const jobsReadingContract = ({ partsOf, newJob, begin }: JobStoreBench): void => {
  describe("jobs", () => {
    test("another's job is as one that is not there, whatever is asked", async () => {
      const parts = partsOf();
      const { jobs, records } = parts;
      const { id } = await begin(parts);
      await records.ask(id, "q", resultQuestion("write"));
      const stranger = somebody().id;
      for (const unknown of [id, randomUUID(), "no id", "'; drop table jobs"]) {
        expect(await jobs.get(stranger, unknown)).toBeUndefined();
        expect(await jobs.events(stranger, unknown, { after: 0, limit: 5 })).toBeUndefined();
        expect(await jobs.decide(stranger, unknown, { decision: "approve", by: stranger })).toBeUndefined();
        expect(await jobs.cancel(stranger, unknown)).toBeUndefined();
        expect(await jobs.list(stranger, { after: unknown, limit: 5 })).toEqual([]);
      }
      expect(await records.decision(id, "q")).toBeUndefined();
      expect(await records.wishesToCancel(id)).toBe(false);
    });

    test("are listed newest first, page by page, by status", async () => {
      const parts = partsOf();
      const principal = somebody();
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        ids.unshift((await parts.jobs.create(await newJob(parts, principal))).job.id);
      }
      await parts.records.finish(ids[1]!, completed("Done."));
      const page = async (after?: string) =>
        (await parts.jobs.list(principal.id, { limit: 2, ...(after ? { after } : {}) })).map(({ id }) => id);
      expect([await page(), await page(ids[1]), await page(ids[3])]).toEqual([
        ids.slice(0, 2),
        ids.slice(2, 4),
        ids.slice(4),
      ]);
      const done = await parts.jobs.list(principal.id, { status: "completed", limit: 5 });
      expect(done.map(({ id }) => id)).toEqual([ids[1]]);
    });

    test.each(modes)("are listed without results and what is judged, which may be large: %s", async (mode) => {
      const parts = partsOf();
      const principal = somebody();
      const create = async () => (await parts.jobs.create(await newJob(parts, principal, { mode }))).job.id;
      const [done, broken, asking] = [await create(), await create(), await create()];
      await parts.records.finish(done, completed("A long report."));
      await parts.records.finish(broken, failed);
      await parts.records.ask(asking, "q", resultQuestion("write", "A long draft."));
      const listed = await parts.jobs.list(principal.id, { limit: 5 });
      expect(JSON.stringify(listed)).not.toContain("A long");
      expect(listed).toMatchObject([
        { id: asking, hasResult: false, question: { key: "q", question: { about: "result", task: "write" } } },
        { id: broken, hasResult: false, error: { message: "The job stopped after 3 steps, its limit." } },
        { id: done, hasResult: true },
      ]);
    });
  });
};
