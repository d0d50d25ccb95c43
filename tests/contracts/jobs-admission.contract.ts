import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { NewJob } from "../../workflows/jobs/job-store.ts";
import { completed, resultQuestion } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Which jobs are taken on, and which are there already. */
export const jobsAdmissionContract = ({ partsOf, newJob, outboxOf }: JobStoreBench): void => {
  describe("jobs", () => {
    test("the same key of the same principal is the same job, also of those who ask at once", async () => {
      const parts = partsOf();
      const principal = somebody();
      const first = await newJob(parts, principal, { idempotencyKey: "k" });
      const made = await Promise.all(
        Array.from({ length: 4 }, () => parts.jobs.create({ ...first, id: randomUUID() })),
      );
      expect(new Set(made.map(({ job }) => job.id)).size).toBe(1);
      expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
      await expect(
        parts.jobs.create({ ...first, id: randomUUID(), input: { question: "Another?" } }),
      ).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
      const other = await parts.jobs.create(await newJob(parts, somebody(), { idempotencyKey: "k" }));
      expect(other.isNew).toBe(true);
      expect(await outboxOf(made[0]!.job.id)).toHaveLength(1);
    });

    test("no more than so many of one principal are queued or run; those that wait for people do not count", async () => {
      const parts = partsOf({ parallelJobs: 2 });
      const principal = somebody();
      const create = async (change: Partial<NewJob> = {}) => parts.jobs.create(await newJob(parts, principal, change));
      const tried = await Promise.allSettled(Array.from({ length: 4 }, () => create()));
      const made = tried.flatMap((one) => (one.status === "fulfilled" ? [one.value.job.id] : []));
      expect(made).toHaveLength(2);
      const limited = { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) };
      await expect(create()).rejects.toMatchObject(limited);
      await parts.records.ask(made[0]!, "q", resultQuestion("write"));
      await create({ idempotencyKey: "third" });
      await expect(create()).rejects.toMatchObject(limited);
      expect((await create({ idempotencyKey: "third" })).isNew).toBe(false);
      await parts.records.finish(made[1]!, completed("Done."));
      expect((await create()).isNew).toBe(true);
    });

    test("no more than ten times as many wait for people", async () => {
      const parts = partsOf({ parallelJobs: 1 });
      const principal = somebody();
      for (let index = 0; index < 10; index += 1) {
        const { job } = await parts.jobs.create(await newJob(parts, principal));
        await parts.records.ask(job.id, "q", resultQuestion("write"));
      }
      const [{ id: oldest } = { id: "" }] = (await parts.jobs.list(principal.id, { limit: 10 })).slice(-1);
      const limited = { code: "RATE_LIMITED", message: expect.stringContaining("10 of your jobs have not ended") };
      await expect(parts.jobs.create(await newJob(parts, principal))).rejects.toMatchObject(limited);
      await parts.records.finish(oldest, completed("Done."));
      expect((await parts.jobs.create(await newJob(parts, principal))).isNew).toBe(true);
    });

    test("under a known key other terms are another job; where they are not known, they are not compared", async () => {
      const parts = partsOf();
      const principal = somebody();
      const first = await newJob(parts, principal, { idempotencyKey: "k", terms: "these" });
      const { job } = await parts.jobs.create(first);
      const again = async (terms?: string) => {
        const { terms: _, ...rest } = first;
        const made = await parts.jobs.create({ ...rest, id: randomUUID(), ...(terms === undefined ? {} : { terms }) });
        return made.job.id;
      };
      expect([await again("these"), await again()]).toEqual([job.id, job.id]);
      await expect(again("others")).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    });

    test("that there is room, and whose a key is, is known before anything is made", async () => {
      const parts = partsOf({ parallelJobs: 1 });
      const principal = somebody();
      const asked = { principal: principal.id, crewId: "research", input: { question: "Why?" }, idempotencyKey: "k" };
      expect(await parts.jobs.admit(asked)).toBeUndefined();
      const { job } = await parts.jobs.create(await newJob(parts, principal, { idempotencyKey: "k" }));
      expect(await parts.jobs.admit(asked)).toEqual(job);
      expect(await parts.jobs.admit({ ...asked, principal: somebody().id })).toBeUndefined();
      for (const other of [{ crewId: "other" }, { input: {} }]) {
        await expect(parts.jobs.admit({ ...asked, ...other })).rejects.toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
      }
      // What was gathered for it may differ.
      expect(await parts.jobs.admit({ ...asked, input: {}, anyInput: true })).toEqual(job);
      const gathered = await newJob(parts, principal, { idempotencyKey: "k", input: { question: "Why not?" } });
      expect(await parts.jobs.create({ ...gathered, anyInput: true })).toEqual({ job, isNew: false });
      expect([
        await parts.jobs.isBegun(principal.id, "k"),
        await parts.jobs.isBegun(principal.id, "l"),
        await parts.jobs.isBegun(somebody().id, "k"),
      ]).toEqual([true, false, false]);
      for (const idempotencyKey of [undefined, "l"]) {
        await expect(parts.jobs.admit({ ...asked, idempotencyKey })).rejects.toMatchObject({ code: "RATE_LIMITED" });
      }
      expect([
        await parts.jobs.knows(job.id),
        await parts.jobs.knows(randomUUID()),
        await parts.jobs.knows("x"),
      ]).toEqual([true, false, false]);
    });

    test("a job in a conversation that is not there, or confidential in an open one, is refused", async () => {
      const parts = partsOf();
      const principal = somebody();
      for (const threadId of [randomUUID(), "no id"]) {
        await expect(parts.jobs.create(await newJob(parts, principal, { threadId }))).rejects.toMatchObject({
          code: "NOT_FOUND",
        });
      }
      const { id: threadId } = await parts.threadChanges.create({ principal });
      await expect(
        parts.jobs.create(await newJob(parts, principal, { threadId, mode: "confidential" })),
      ).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await parts.jobs.list(principal.id, { limit: 5 })).toEqual([]);
    });
  });
};
