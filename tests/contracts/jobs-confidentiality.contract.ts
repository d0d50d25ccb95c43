import { describe, expect, test } from "vitest";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createOpenJobThread } from "../../server/jobs/open-job-thread.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import { outlineOf } from "../../workflows/jobs/crew-outline.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { completed, failed, resultQuestion, usage } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";
import { said, somebody } from "../support/timeline-samples.ts";

/** What is confidential is not readable in the database, and what was erased is not readable at all. */
export const jobsConfidentialityContract = ({ databaseOf, partsOf, newJob, begin }: JobStoreBench): void => {
  describe("jobs", () => {
    test("nothing of a confidential job can be read in the database, nor when its conversation turned confidential later", async () => {
      const parts = partsOf();
      const principal = somebody();
      const words = (name: string) => `wombat-${name}`;
      const { id: threadId } = await parts.threadChanges.create({ principal, mode: "open" });
      const input = { question: "Why?" };
      const turned = (await parts.jobs.create(await newJob(parts, principal, { threadId, input }))).job.id;
      await parts.records.emit(turned, { id: "first", kind: "task_refused", task: "find", text: "said in the open" });
      await parts.records.ask(turned, "asked before", resultQuestion("write"));
      await parts.timeline.open({ principal, threadId, mode: "confidential", messages: [said("secret now")] });
      const reason = words("reason");
      await parts.jobs.decide(principal.id, turned, { decision: "repeat", by: "ada", reason }, "asked before");
      expect(await parts.records.decision(turned, "asked before")).toEqual({ decision: "repeat", by: "ada", reason });
      const born = (await begin(parts, { mode: "confidential", input: { question: words("input") } })).id;
      for (const id of [turned, born]) {
        await parts.records.emit(id, { id: "e", kind: "task_refused", task: "find", text: words("event") });
        await parts.records.ask(id, "q", resultQuestion("write", words("question")));
        await parts.tasks.keep(id, "a", { text: words("result") });
        await parts.tasks.begin(id, { key: "c", tool: "mail", summary: words("summary") });
        await parts.tasks.done(id, "c", { text: words("done") });
        expect(await parts.records.work(id)).toMatchObject({ mode: "confidential" });
      }
      const owner = (
        await databaseOf().query<{ principal: string }>("select principal from jobs where id = $1", [born])
      )[0]!;
      await parts.jobs.decide(owner.principal, born, { decision: "repeat", by: "ada", reason: words("reason") }, "q");
      await parts.records.finish(born, { status: "failed", error: { code: "X", message: words("error") }, usage });
      await parts.records.finish(turned, completed(words("ending")));
      expect(await everythingStored(databaseOf())).not.toContain("wombat-");
      expect(await parts.tasks.kept(turned, "a")).toEqual({ text: words("result") });
      expect(await parts.jobs.get(owner.principal, born)).toMatchObject({ error: { message: words("error") } });
      const events = await parts.jobs.events(principal.id, turned, { after: 0, limit: 5 });
      expect(events?.map(({ text }) => text)).toEqual(["said in the open", words("event"), undefined]);
    });

    test("a confidential job's crew can be read by nobody but its engine; erased, there is left of it what an engine ends it by", async () => {
      const parts = partsOf();
      const database = databaseOf();
      const principal = somebody();
      const marked = (name: string) => `numbat ${name}`;
      const crew = crewSchema.parse({
        id: "own",
        description: marked("crew"),
        process: "hierarchical",
        input: { type: "object", properties: { day: { type: "string", description: marked("field") } } },
        manager: "lead",
        agents: ["lead", "worker"].map((id) => ({
          ...{ id, role: marked("role"), goal: marked("goal"), backstory: marked("backstory") },
          ...{ tools: [marked("tool")], model: marked("model") },
        })),
        tasks: ["one", "two"].map((id) => ({
          ...{ id, description: marked("task"), expected_output: marked("output"), without_model: "extract" },
          guardrails: [{ kind: "judge", criterion: marked("criterion") }],
        })),
        limits: { steps: 7, budget: 2.5 },
      });
      const create = async (mode: "open" | "confidential") => {
        const { id: threadId } = await createOpenJobThread(parts.timeline)({
          principal,
          mode,
          title: crew.description,
        });
        const { job } = await parts.jobs.create(await newJob(parts, principal, { mode, threadId, crew }));
        return { id: job.id, threadId };
      };
      const born = await create("confidential");
      expect(await everythingStored(database)).not.toContain("numbat");
      const turned = await create("open");
      await parts.timeline.open({ principal, threadId: turned.threadId, mode: "confidential", messages: [] });
      for (const { id, threadId } of [born, turned]) {
        expect((await parts.records.work(id))?.crew).toEqual(crew);
        await createShredThreads({ database, audit: createAudit({ database }), actor: "ada" }).thread(threadId);
        expect((await parts.records.work(id))?.crew).toEqual(outlineOf(crew));
        expect(await parts.records.wishesToCancel(id)).toBe(true);
        expect(await parts.jobs.get(principal.id, id)).toMatchObject({ crew: "own", progress: { total: 2 } });
      }
      expect(await everythingStored(database)).not.toContain("numbat");
      expect(await parts.jobs.list(principal.id, { limit: 5 })).toMatchObject([{ id: turned.id }, { id: born.id }]);
    });

    test("a job goes with its erased conversation: nothing of it can be read, it wishes to stop, and it can end", async () => {
      const parts = partsOf();
      const { principal, job, id } = await begin(parts, { mode: "confidential" });
      await parts.records.emit(id, { id: "e", kind: "task_refused", task: "find", text: "gone" });
      await parts.tasks.keep(id, "a", { text: "gone" });
      const database = databaseOf();
      await createShredThreads({ database, audit: createAudit({ database }), actor: "ada" }).thread(job.threadId);
      expect(await parts.records.work(id)).toMatchObject({ input: {}, mode: "confidential" });
      expect(await parts.tasks.kept(id, "a")).toBeUndefined();
      expect(await parts.records.wishesToCancel(id)).toBe(true);
      await parts.tasks.keep(id, "b", { text: "late" });
      expect(await parts.tasks.kept(id, "b")).toBeUndefined();
      await parts.records.finish(id, failed);
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({
        status: "failed",
        error: { message: "What this job said was erased with its conversation." },
      });
    });

    test("also what a job held in clear, from before its conversation turned confidential, goes when that is erased", async () => {
      const parts = partsOf();
      const database = databaseOf();
      const principal = somebody();
      const words = (name: string) => `okapi-${name}`;
      const { id: threadId } = await parts.threadChanges.create({ principal, mode: "open" });
      const create = async () =>
        (await parts.jobs.create(await newJob(parts, principal, { threadId, input: { question: words("input") } }))).job
          .id;
      const ids = [await create(), await create()];
      for (const id of ids) {
        await parts.records.emit(id, { id: "e", kind: "task_refused", task: "find", text: words("event") });
        await parts.records.ask(id, "q", resultQuestion("write", words("question")));
        await parts.records.ask(id, "r", resultQuestion("write", words("open question")));
        await parts.jobs.decide(principal.id, id, { decision: "repeat", by: "ada", reason: words("reason") }, "q");
        await parts.tasks.keep(id, "a", { text: words("result") });
        await parts.tasks.begin(id, { key: "c", tool: "mail", summary: words("summary") });
        await parts.tasks.done(id, "c", { text: words("done") });
      }
      const [running, ended] = ids as [string, string];
      await parts.records.finish(ended, completed(words("ending")));
      expect(await everythingStored(database)).toContain("okapi-");
      await parts.timeline.open({ principal, threadId, mode: "confidential", messages: [said("secret now")] });
      await createShredThreads({ database, audit: createAudit({ database }), actor: "ada" }).thread(threadId);
      const columns = await database.query(
        `select j.input, j.ending, e.content, q.question, q.reason, r.result, c.call, c.result as said
         from jobs j join job_events e on e.job_id = j.id join job_questions q on q.job_id = j.id
         join job_results r on r.job_id = j.id join job_calls c on c.job_id = j.id where j.id = any ($1::uuid[])`,
        [ids],
      );
      expect(JSON.stringify(columns)).not.toContain("okapi-");
      expect(await parts.records.work(running)).toMatchObject({ input: {}, mode: "confidential" });
      expect(await parts.tasks.kept(running, "a")).toBeUndefined();
      expect(await parts.records.decision(running, "q")).toEqual({ decision: "repeat", by: "ada" });
      for (const id of ids) {
        const job = await parts.jobs.get(principal.id, id);
        expect([job?.result, job?.question]).toEqual([undefined, undefined]);
        const events = await parts.jobs.events(principal.id, id, { after: 0, limit: 9 });
        expect(events?.every(({ text }) => text === undefined)).toBe(true);
      }
      await parts.records.finish(running, completed(words("late")));
      expect((await parts.jobs.get(principal.id, running))?.result).toBeUndefined();
    });
  });
};
