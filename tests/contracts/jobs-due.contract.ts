import { describe, expect, test } from "vitest";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createAudit } from "../../platform/events/audit.ts";
import type { CrewEvent } from "../../workflows/crews/steps.ts";
import { completed, resultQuestion } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";

/** How engines find what is to be done, and others hear that something changed. */
export const jobsDueContract = ({ databaseOf, partsOf, begin }: JobStoreBench): void => {
  describe("jobs", () => {
    test("that have not ended are found by engines, oldest first, page by page", async () => {
      const parts = partsOf();
      const ids: string[] = [];
      for (let index = 0; index < 3; index += 1) ids.push((await begin(parts)).id);
      await parts.records.finish(ids[1]!, completed("Done."));
      const found: string[] = [];
      for (let after: string | undefined; ; after = found.at(-1)) {
        const page = await parts.records.unfinished({ limit: 2, ...(after ? { after } : {}) });
        if (page.length === 0) break;
        found.push(...page.map(({ id }) => id));
      }
      expect(found.filter((id) => ids.includes(id))).toEqual([ids[0], ids[2]]);
    });

    test("are due unless they wait for people; what was decided or wished since an engine looked makes them so again", async () => {
      const parts = partsOf();
      const { principal, id } = await begin(parts, { mode: "confidential" });
      const isDue = async (): Promise<boolean> => {
        const found: string[] = [];
        for (let after: string | undefined; ; after = found.at(-1)) {
          const page = await parts.records.due({ limit: 50, ...(after ? { after } : {}) });
          found.push(...page.map((job) => job.id));
          if (page.length < 50) return found.includes(id);
        }
      };
      expect(await isDue()).toBe(true);
      await parts.records.started(id);
      expect(await isDue()).toBe(true);
      await parts.records.ask(id, "one", resultQuestion("find"));
      await parts.records.ask(id, "two", resultQuestion("write"));
      expect(await isDue()).toBe(false);
      await parts.jobs.decide(principal.id, id, { decision: "approve", by: principal.id }, "one");
      expect(await isDue()).toBe(true);
      await parts.records.started(id);
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ status: "waiting_approval" });
      expect(await isDue()).toBe(false);
      await parts.jobs.cancel(principal.id, id);
      await parts.records.started(id);
      expect(await isDue()).toBe(true);
    });

    test("and wait for people are due, and wish to be cancelled, when their conversation is erased", async () => {
      const parts = partsOf();
      const { job, id } = await begin(parts, { mode: "confidential" });
      await parts.records.started(id);
      await parts.records.ask(id, "one", resultQuestion("find"));
      const isDue = async () => (await parts.records.due({ limit: 1_000 })).some((found) => found.id === id);
      expect(await isDue()).toBe(false);
      const database = databaseOf();
      await createShredThreads({ database, audit: createAudit({ database }), actor: "ada" }).thread(job.threadId);
      expect(await isDue()).toBe(true);
      expect(await parts.records.wishesToCancel(id)).toBe(true);
      expect(await parts.records.untold({ limit: 1, only: id })).toEqual([{ id, told: 2 }]);
    });

    test("are untold until an engine has heard all that was stored by then", async () => {
      const { jobs, records, ...rest } = partsOf();
      const { principal, id } = await begin({ jobs, records, ...rest });
      const untold = async () => (await records.untold({ limit: 1, only: id })).map(({ told }) => told);
      expect(await untold()).toEqual([1]);
      await records.heard(id, 1);
      expect(await untold()).toEqual([]);
      await records.ask(id, "one", resultQuestion("find"));
      await records.ask(id, "two", resultQuestion("write"));
      await jobs.decide(principal.id, id, { decision: "approve", by: principal.id }, "one");
      const [told = 0] = await untold();
      // It comes while an engine is told of the first one.
      await jobs.decide(principal.id, id, { decision: "approve", by: principal.id }, "two");
      await records.heard(id, told);
      expect(await untold()).toEqual([told + 1]);
      await records.heard(id, told + 1);
      await records.heard(id, told);
      expect(await untold()).toEqual([]);
      await jobs.cancel(principal.id, id);
      await jobs.cancel(principal.id, id);
      expect(await untold()).toEqual([told + 2]);
      await records.started(id);
      expect(await untold()).toEqual([]);
    });

    test("those that end without further work are found apart: to be cancelled, or rejected", async () => {
      const parts = partsOf();
      const [cancelled, rejected, approved] = [await begin(parts), await begin(parts), await begin(parts)];
      await parts.jobs.cancel(cancelled.principal.id, cancelled.id);
      for (const [{ id, principal }, decision] of [[rejected, "reject"] as const, [approved, "approve"] as const]) {
        await parts.records.started(id);
        await parts.records.ask(id, "q", resultQuestion("write"));
        await parts.jobs.decide(principal.id, id, { decision, by: "ada" }, "q");
      }
      const ids = [cancelled.id, rejected.id, approved.id];
      const endingOf = (only: string) => parts.records.due({ limit: 9, only, ending: true });
      expect((await Promise.all(ids.map(endingOf))).flat()).toEqual([{ id: cancelled.id }, { id: rejected.id }]);
      expect(await parts.records.due({ limit: 9, only: approved.id })).toEqual([{ id: approved.id }]);
    });

    test("tells of each change once it can be seen", async () => {
      const told: string[] = [];
      const parts = partsOf({ onChange: (id) => void told.push(id) });
      const { principal, id } = await begin(parts);
      const event: CrewEvent = { id: "e", kind: "started" };
      const steps = [
        () => parts.records.started(id),
        () => parts.records.emit(id, event),
        () => parts.records.ask(id, "q", resultQuestion("write")),
        () => parts.jobs.decide(principal.id, id, { decision: "approve", by: "ada" }),
        () => parts.records.finish(id, completed("Done.")),
      ];
      for (const [index, step] of steps.entries()) {
        await step();
        expect(told).toHaveLength(index + 2);
      }
      await parts.records.emit(id, event);
      await parts.records.started(id);
      expect(new Set(told)).toEqual(new Set([id]));
      expect(told).toHaveLength(steps.length + 1);
    });
  });
};
