import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { parsePayload } from "../../platform/events/subjects.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { createOpenJobThread } from "../../server/jobs/open-job-thread.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import type { ApprovalQuestion, CrewEvent, TaskOutput } from "../../workflows/crews/steps.ts";
import { createJobStore, type JobStoreDeps } from "../../workflows/jobs/create-job-store.ts";
import { outlineOf } from "../../workflows/jobs/crew-outline.ts";
import type { JobOutcome, NewJob } from "../../workflows/jobs/job-store.ts";
import { sweepJobs } from "../../workflows/jobs/sweep-jobs.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { sampleCrew } from "../support/sample-crew.ts";
import { said, somebody } from "../support/timeline-samples.ts";

const modes = ["open", "confidential"] as const;
const usage = { tokens: 120, cost: 0.5 };
const output = (text: string): TaskOutput => ({ text, citations: [{ id: "1", title: "A source" }] });
const completed = (text: string): JobOutcome => ({ status: "completed", result: output(text), usage });
const failed: JobOutcome = {
  status: "failed",
  error: { code: "LIMIT_REACHED", message: "The job stopped after 3 steps, its limit.", task: "find" },
  usage,
};
const resultQuestion = (task: string, text = "A draft."): ApprovalQuestion => ({
  about: "result",
  task,
  round: 1,
  output: output(text),
});

/** Jobs, what engines note of them and what tasks keep, on whatever database. */
export const jobsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const partsOf = (options: Partial<JobStoreDeps> = {}) => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const timeline = createTimeline({ database, cipher });
    const threadChanges = createThreadChanges({ database, cipher });
    const say = createSayInThread({ timeline, threadChanges });
    return { database, timeline, threadChanges, say, ...createJobStore({ database, cipher, say, ...options }) };
  };
  type Parts = ReturnType<typeof partsOf>;

  const newJob = async (
    { threadChanges }: Parts,
    principal: Principal,
    change: Partial<NewJob> = {},
  ): Promise<NewJob> => {
    const mode = change.mode ?? "open";
    const threadId = change.threadId ?? (await threadChanges.create({ principal, mode })).id;
    return {
      id: randomUUID(),
      crew: sampleCrew(),
      input: { question: "Why?" },
      principal: { id: principal.id, roles: principal.roles },
      threadId,
      mode,
      ...change,
    };
  };
  const begin = async (parts: Parts, change: Partial<NewJob> = {}) => {
    const principal = somebody();
    const { job } = await parts.jobs.create(await newJob(parts, principal, change));
    return { principal, job, id: job.id };
  };
  const outboxOf = (id: string) =>
    databaseOf().query<{ event_type: string; payload: Record<string, unknown> }>(
      "select event_type, payload from outbox where aggregate_type = 'job' and aggregate_id = $1 order by sequence",
      [id],
    );
  const saidIn = async ({ timeline }: Parts, principal: Principal, threadId: string) =>
    (await timeline.messages(principal, threadId, { after: 0, limit: 100 })).messages;

  describe.each(modes)("a job of a conversation that is %s", (mode) => {
    test("is queued with its event, runs, and ends with its result in the conversation", async () => {
      const parts = partsOf();
      const { principal, job, id } = await begin(parts, { mode });
      expect(job).toMatchObject({
        crew: "research",
        status: "queued",
        progress: { done: 0, total: 2, running: [] },
        usage: { tokens: 0, cost: 0 },
      });
      await parts.records.started(id);
      await parts.records.emit(id, {
        id: `${id}/find/1`,
        kind: "task_started",
        task: "find",
        round: 1,
        agent: "worker",
      });
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({
        status: "running",
        progress: { done: 0, running: ["find"] },
      });
      await parts.records.emit(id, { id: `${id}/find/done`, kind: "task_done", task: "find", agent: "worker" });
      await parts.records.finish(id, completed("The report."));
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({
        status: "completed",
        result: output("The report."),
        progress: { done: 1, total: 2, running: [] },
        usage,
        endedAt: expect.any(String),
      });
      expect(await saidIn(parts, principal, job.threadId)).toMatchObject([
        {
          role: "agent",
          author: "research",
          content: "The report.",
          meta: { job: { id, crew: "research", status: "completed" }, citations: [{ id: "1", title: "A source" }] },
        },
      ]);
      const outbox = await outboxOf(id);
      expect(outbox.map(({ event_type }) => event_type)).toEqual([
        "agent.run.requested.research",
        "agent.run.started.research",
        "agent.run.completed.research",
      ]);
      for (const { event_type, payload } of outbox) expect(parsePayload(event_type, payload)).toEqual(payload);
      const events = await parts.jobs.events(principal.id, id, { after: 0, limit: 10 });
      expect(events?.map(({ kind, sequence }) => [kind, sequence])).toEqual([
        ["task_started", 1],
        ["task_done", 2],
        ["completed", 3],
      ]);
      expect(await parts.jobs.events(principal.id, id, { after: 1, limit: 1 })).toMatchObject([{ sequence: 2 }]);
    });

    test("that fails says in the conversation why, once; one that is cancelled says so", async () => {
      const parts = partsOf();
      const first = await begin(parts, { mode });
      await parts.records.finish(first.id, failed);
      await parts.records.finish(first.id, completed("Too late."));
      const job = await parts.jobs.get(first.principal.id, first.id);
      expect(job).toMatchObject({
        status: "failed",
        error: { code: "LIMIT_REACHED", message: "The job stopped after 3 steps, its limit.", task: "find" },
      });
      expect(job?.result).toBeUndefined();
      expect((await saidIn(parts, first.principal, first.job.threadId)).map(({ content }) => content)).toEqual([
        "The job 'research' ended without a result. The job stopped after 3 steps, its limit.",
      ]);
      expect((await outboxOf(first.id)).at(-1)).toMatchObject({
        event_type: "agent.run.failed.research",
        payload: { error_code: "LIMIT_REACHED" },
      });
      const second = await begin(parts, { mode });
      await parts.records.finish(second.id, { status: "cancelled", usage });
      expect(await saidIn(parts, second.principal, second.job.threadId)).toMatchObject([
        { content: "The job 'research' was cancelled.", meta: { job: { status: "cancelled" } } },
      ]);
      expect((await outboxOf(second.id)).at(-1)).toMatchObject({ payload: { error_code: "CANCELLED" } });
    });

    test.each([
      [
        "pl",
        "Zadanie „research” zostało anulowane.",
        "Zadanie „research” zakończyło się bez wyniku. Osiągnięto limit zadania.",
      ],
      [
        "uk-UA",
        "Завдання «research» скасовано.",
        "Завдання «research» завершилося без результату. Досягнуто межі завдання.",
      ],
      ["he", "המשימה ״research״ בוטלה.", "המשימה ״research״ הסתיימה ללא תוצאה. המשימה הגיעה למגבלה שלה."],
      ["de", "The job 'research' was cancelled.", "The job 'research' ended without a result."],
      ["", "The job 'research' was cancelled.", "The job 'research' ended without a result."],
    ])("that gives nothing says so in the language of its input: %s", async (language, cancelled, without) => {
      const parts = partsOf({ localeOf: (input) => String(input.language) });
      const ends = async (outcome: JobOutcome) => {
        const { principal, job, id } = await begin(parts, { mode, input: { language } });
        await parts.records.finish(id, outcome);
        return (await saidIn(parts, principal, job.threadId)).map(({ content }) => content);
      };
      expect(await ends({ status: "cancelled", usage })).toEqual([cancelled]);
      expect(await ends(failed)).toEqual([`${without} The job stopped after 3 steps, its limit.`]);
    });

    test("that ends with calls left open says so; what was done is not named", async () => {
      const parts = partsOf();
      const called = {
        key: "one/1/call/1",
        tool: "open_ticket",
        summary: 'open_ticket was to be called with {"a":1}.',
      };
      const told = `Whether this happened is not known: ${mode === "open" ? called.summary : "open_ticket was to be called."}`;
      const endings = [
        [failed, `The job 'research' ended without a result. The job stopped after 3 steps, its limit. ${told}`],
        [{ status: "cancelled", usage }, `The job 'research' was cancelled. ${told}`],
      ] as const;
      for (const [ending, words] of endings) {
        const { id, principal, job } = await begin(parts, { mode });
        await parts.tasks.begin(id, called);
        expect(await parts.tasks.begin(id, called)).toEqual({ state: "begun" });
        // Once more for each time that somebody said that it did not happen.
        expect(await parts.tasks.begin(id, { ...called, repeats: 1 })).toEqual({ state: "new" });
        expect(await parts.tasks.begin(id, { ...called, repeats: 1 })).toEqual({ state: "begun" });
        const mail = { ...called, key: "one/1/call/2", tool: "send_mail" };
        await parts.tasks.begin(id, mail);
        await parts.tasks.done(id, mail.key, {});
        expect(await parts.tasks.begin(id, { ...mail, repeats: 1 })).toMatchObject({ state: "done" });
        const byModel = { ...mail, key: "one/1/call/3", args: { to: "ada", of: 1 } };
        await parts.tasks.begin(id, byModel);
        expect(await parts.tasks.begin(id, { ...byModel, args: { of: 1, to: "ada" } })).toEqual({ state: "begun" });
        await parts.tasks.done(id, byModel.key, {});
        for (const other of [
          { ...mail, tool: "open_ticket" },
          { ...called, tool: "send_mail", repeats: 2 },
          { ...byModel, args: { to: "bob" } },
          { ...byModel, args: { to: "bob" }, repeats: 1 },
        ]) {
          await expect(parts.tasks.begin(id, other)).rejects.toMatchObject({ code: "CONFLICT" });
        }
        await parts.records.finish(id, ending);
        expect((await parts.jobs.get(principal.id, id))?.error?.message).toContain(told);
        expect((await saidIn(parts, principal, job.threadId)).map(({ content }) => content)).toEqual([words]);
      }
    });

    test("gives its engine the crew of its time, with input and roles", async () => {
      const parts = partsOf();
      const crew = sampleCrew(["one", "two", "three"]);
      const { principal, job, id } = await begin(parts, { mode, crew, input: { question: "Who?", deep: [1, null] } });
      expect(await parts.records.work(id)).toEqual({
        id,
        crew,
        input: { question: "Who?", deep: [1, null] },
        timezone: "UTC",
        principal: { id: principal.id, roles: ["user"] },
        threadId: job.threadId,
        mode,
      });
      await parts.records.finish(id, completed("Done."));
      expect(await parts.records.work(id)).toBeUndefined();
    });

    test("works on the period that was meant where and when it was asked for, and is still the same request", async () => {
      const parts = partsOf({ timezone: "Europe/Warsaw" });
      const period = { type: "string", format: "period" };
      const crew = sampleCrew(["one"], { input: { type: "object", properties: { period } } });
      const asked = { mode, crew, input: { period: "today" }, idempotencyKey: "k" };
      const { principal, id } = await begin(parts, { ...asked, timezone: "America/New_York" });
      // 20:00 in New York, 02:00 of the next day in Warsaw; a worker comes a day later.
      await databaseOf().query("update jobs set created_at = '2026-11-21T01:00:00Z' where id = $1", [id]);
      expect(await parts.records.work(id)).toMatchObject({
        input: { period: "2026-11-20T00:00:00-05:00/2026-11-20T20:00:01-05:00" },
        timezone: "America/New_York",
      });
      expect((await parts.jobs.admit({ ...asked, principal: principal.id, crewId: crew.id }))?.id).toBe(id);
      const { id: other } = await begin(parts, asked);
      expect(await parts.records.work(other)).toMatchObject({ timezone: "Europe/Warsaw" });
    });

    test("keeps what its tasks gave, the first time only, and tells what became of its calls", async () => {
      const { tasks, ...rest } = partsOf();
      const { id } = await begin({ tasks, ...rest }, { mode });
      expect(await tasks.kept(id, "a")).toBeUndefined();
      expect(await tasks.keep(id, "a", { text: "first" })).toEqual({ text: "first" });
      expect(await tasks.keep(id, "a", { text: "second" })).toEqual({ text: "first" });
      await tasks.keep(id, "nothing", null);
      expect(await tasks.kept(id, "a")).toEqual({ text: "first" });
      expect(await tasks.kept(id, "nothing")).toBeNull();
      const call = { key: "c", tool: "send_mail", summary: "Mail to Ada" };
      expect(await tasks.begin(id, call)).toEqual({ state: "new" });
      expect(await tasks.begin(id, call)).toEqual({ state: "begun" });
      await tasks.done(id, "c", { sent: true });
      await tasks.done(id, "c", { sent: false });
      expect(await tasks.begin(id, call)).toEqual({ state: "done", result: { sent: true } });
    });

    test("puts into the conversation what lies under the result's key", async () => {
      const parts = partsOf();
      const { principal, job, id } = await begin(parts, { mode });
      const whole = { text: "beginning and end", citations: [{ id: "2", title: "Another" }] };
      await parts.tasks.keep(id, "big", { status: "ok", output: whole, usage });
      const result = { text: "beginning", ref: "big", citations: [] };
      await parts.records.ask(id, "q", { about: "result", task: "write", round: 1, output: result });
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ question: { question: { output: whole } } });
      await parts.records.finish(id, { status: "completed", result, usage });
      expect(await parts.jobs.get(principal.id, id)).toMatchObject({ result: whole });
      expect(await saidIn(parts, principal, job.threadId)).toMatchObject([
        { content: "beginning and end", meta: { citations: whole.citations } },
      ]);
    });

    test("waits for an answer, of which the first counts", async () => {
      const parts = partsOf();
      const { principal, id } = await begin(parts, { mode });
      const { jobs, records } = parts;
      await records.started(id);
      const key = `${id}/write/1/result`;
      for (const task of ["find", "write"]) {
        await records.emit(id, { id: task, kind: "task_started", task, round: 1, agent: "worker" });
      }
      await records.ask(id, key, resultQuestion("write"));
      await records.ask(id, key, resultQuestion("write", "Another draft."));
      expect(await jobs.get(principal.id, id)).toMatchObject({
        status: "waiting_approval",
        progress: { running: ["find"] },
        question: { key, question: resultQuestion("write") },
      });
      expect(await records.decision(id, key)).toBeUndefined();
      const decision = { decision: "repeat", by: principal.id, reason: "Shorter" } as const;
      const job = await jobs.decide(principal.id, id, decision);
      expect(job).toMatchObject({ status: "running", progress: { running: ["find", "write"] } });
      expect(job?.question).toBeUndefined();
      expect(await records.decision(id, key)).toEqual(decision);
      for (const again of [undefined, key, "another"]) {
        await expect(
          jobs.decide(principal.id, id, { decision: "approve", by: principal.id }, again),
        ).rejects.toMatchObject({ code: "CONFLICT" });
      }
      expect(await records.decision(id, key)).toEqual(decision);
    });
  });

  describe("jobs", () => {
    test("of five answers at once exactly one counts", async () => {
      const parts = partsOf();
      const { principal, id } = await begin(parts);
      await parts.records.ask(id, "q", resultQuestion("write"));
      const answers = await Promise.allSettled(
        Array.from({ length: 5 }, (_, index) =>
          parts.jobs.decide(principal.id, id, { decision: index % 2 ? "approve" : "reject", by: `${index}` }, "q"),
        ),
      );
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const winner = answers.findIndex(({ status }) => status === "fulfilled");
      expect(await parts.records.decision(id, "q")).toMatchObject({ by: `${winner}` });
    });

    test("one that waits for several answers wants to know which is meant; an unknown outcome shows first", async () => {
      const { jobs, records, ...rest } = partsOf();
      const { principal, id } = await begin({ jobs, records, ...rest });
      await records.started(id);
      await records.ask(id, "q1", { about: "task", task: "find", round: 1 });
      const call = { tool: "send_mail", key: "c", summary: "Mail to Ada" };
      await records.ask(id, "q2", { about: "outcome", task: "write", round: 1, call });
      expect(await jobs.get(principal.id, id)).toMatchObject({ status: "outcome_unknown", question: { key: "q1" } });
      const yes = { decision: "approve", by: principal.id } as const;
      await expect(jobs.decide(principal.id, id, yes)).rejects.toMatchObject({ code: "CONFLICT", field: "key" });
      await expect(jobs.decide(principal.id, id, { ...yes, decision: "repeat" }, "q1")).rejects.toMatchObject({
        code: "CONFLICT",
      });
      expect(await jobs.decide(principal.id, id, { ...yes, decision: "repeat" }, "q2")).toMatchObject({
        status: "waiting_approval",
      });
      expect(await jobs.decide(principal.id, id, yes)).toMatchObject({ status: "running" });
    });

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
