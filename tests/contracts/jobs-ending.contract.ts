import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Queryable } from "../../platform/db/database.ts";
import type { CrewEvent } from "../../workflows/crews/steps.ts";
import { sweepJobs } from "../../workflows/jobs/sweep-jobs.ts";
import { completed, failed, output, resultQuestion, usage } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";

/** A job ends once, whatever happens meanwhile, and leaves when it is old. */
export const jobsEndingContract = ({ databaseOf, partsOf, begin, outboxOf, saidIn }: JobStoreBench): void => {
  describe("jobs", () => {
    test("a job whose process dies before its conversation was told is still to be finished, and is told once", async () => {
      const parts = partsOf();
      let dies = true;
      const dying = partsOf({
        async say(threadId, message) {
          await parts.say(threadId, message);
          if (dies) throw new Error("killed");
        },
      });
      const { principal, job, id } = await begin(parts);
      await expect(dying.records.finish(id, completed("First."))).rejects.toThrow("killed");
      expect((await parts.jobs.get(principal.id, id))?.status).toBe("queued");
      expect((await outboxOf(id)).map(({ event_type }) => event_type)).toEqual(["agent.run.requested.research"]);
      dies = false;
      await Promise.all([
        dying.records.finish(id, completed("Second.")),
        parts.records.finish(id, failed),
        parts.records.finish(id, completed("First.")),
      ]);
      expect((await saidIn(parts, principal, job.threadId)).map(({ content }) => content)).toEqual(["First."]);
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ status: "completed", result: output("First.") });
      expect(await outboxOf(id)).toHaveLength(2);
    });

    test("who may not end a job changes nothing", async () => {
      const parts = partsOf();
      const { principal, job, id } = await begin(parts);
      const refuse = async (connection?: Queryable) => {
        await connection!.query("update jobs set tokens = 7 where id = $1", [id]);
        throw new Error("not yours");
      };
      await expect(parts.records.finish(id, completed("Mine."), refuse)).rejects.toThrow("not yours");
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ status: "queued", usage: { tokens: 0 } });
      expect(await saidIn(parts, principal, job.threadId)).toEqual([]);
      await parts.records.finish(id, failed, async () => undefined);
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ status: "failed" });
    });

    test("what ended long ago leaves with all that hangs on it; what is younger or runs stays", async () => {
      const parts = partsOf();
      const database = databaseOf();
      const old = await begin(parts);
      const young = await begin(parts);
      const running = await begin(parts);
      for (const { id } of [old, young, running]) {
        await parts.records.emit(id, { id: "e", kind: "task_done", task: "find" });
        await parts.records.ask(id, "q", resultQuestion("write"));
        await parts.tasks.keep(id, "a", "kept");
        await parts.tasks.begin(id, { key: "c", tool: "mail", summary: "Mail" });
      }
      for (const { id } of [old, young]) await parts.records.finish(id, completed("Done."));
      await database.query("update jobs set ended_at = now() - interval '8 days' where id = $1", [old.id]);
      await database.query("update jobs set created_at = now() - interval '80 days' where id = $1", [running.id]);
      const swept = await sweepJobs(database, { retentionMs: 7 * 86_400_000, isEmbedded: false });
      expect(swept).toMatchObject({ removed: 1, bytes: expect.any(Number) });
      expect(swept.bytes).toBeGreaterThan(10_000);
      expect(await parts.jobs.get(old.principal.id, old.id)).toBeUndefined();
      for (const table of ["job_events", "job_questions", "job_results", "job_calls"]) {
        const rows = await database.query<{ id: string }>(
          `select distinct job_id as id from ${table} where job_id = any ($1::uuid[])`,
          [[old.id, young.id, running.id]],
        );
        expect(rows.map(({ id }) => id).sort()).toEqual([young.id, running.id].sort());
      }
    });

    test("whatever the order and repetition of what engines say, it ends at one state", async () => {
      const parts = partsOf();
      const events: readonly CrewEvent[] = [
        { id: "s", kind: "started" },
        { id: "f1", kind: "task_started", task: "find", round: 1, agent: "worker" },
        { id: "f1r", kind: "task_refused", task: "find", round: 1, text: "Again" },
        { id: "f2", kind: "task_started", task: "find", round: 2, agent: "worker" },
        { id: "fd", kind: "task_done", task: "find", agent: "worker" },
        { id: "w1", kind: "task_started", task: "write", round: 1, agent: "worker" },
      ];
      const steps: readonly ((id: string) => Promise<unknown>)[] = [
        (id) => parts.records.started(id),
        ...events.map((event) => (id: string) => parts.records.emit(id, event)),
        (id) => parts.records.ask(id, "q1", resultQuestion("find")),
        (id) => parts.records.ask(id, "q2", { about: "task", task: "write", round: 1 }),
        (id) => parts.tasks.keep(id, "a", { text: "kept" }),
        (id) => parts.tasks.begin(id, { key: "c", tool: "mail", summary: "Mail" }),
      ];
      const order = fc.array(fc.nat({ max: steps.length - 1 }), { maxLength: 20 });
      const outcomes = fc.shuffledSubarray([completed("One."), completed("Two."), failed], { minLength: 1 });
      await fc.assert(
        fc.asyncProperty(order, fc.boolean(), outcomes, async (first, atOnce, endings) => {
          const { principal, job, id } = await begin(parts);
          if (atOnce) await Promise.all(first.map((index) => steps[index]!(id)));
          else for (const index of first) await steps[index]!(id);
          for (const step of steps) await step(id);
          expect(await parts.jobs.get(principal.id, id)).toMatchObject({
            status: "waiting_approval",
            progress: { done: 1, total: 2, running: [] },
          });
          const kept = (await parts.jobs.events(principal.id, id, { after: 0, limit: 50 }))!;
          expect(kept.map((event) => event.id).sort()).toEqual(events.map((event) => event.id).sort());
          expect(kept.map(({ sequence }) => sequence)).toEqual(
            kept.map(({ sequence }) => sequence).sort((left, right) => left - right),
          );
          for (const key of ["q2", "q1"])
            await parts.jobs.decide(principal.id, id, { decision: "approve", by: "ada" }, key);
          expect((await parts.jobs.get(principal.id, id))?.status).toBe("running");
          for (const ending of endings) await parts.records.finish(id, ending);
          for (const step of steps) await step(id);
          const ended = await parts.jobs.get(principal.id, id);
          expect(ended).toMatchObject({ status: endings[0]!.status, usage });
          expect(await saidIn(parts, principal, job.threadId)).toHaveLength(1);
          expect((await outboxOf(id)).map(({ event_type }) => event_type.split(".")[2])).toEqual([
            "requested",
            "started",
            endings[0]!.status,
          ]);
        }),
        { numRuns: 12 },
      );
    });
  });
};
