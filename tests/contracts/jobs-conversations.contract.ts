import { describe, expect, test } from "vitest";
import { parsePayload } from "../../platform/events/subjects.ts";
import type { JobOutcome } from "../../workflows/jobs/job-store.ts";
import { completed, failed, modes, output, resultQuestion, usage } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";
import { sampleCrew } from "../support/sample-crew.ts";

/** A job belongs to a conversation: what goes from one to the other, open or confidential. */
export const jobsConversationsContract = ({ databaseOf, partsOf, begin, outboxOf, saidIn }: JobStoreBench): void => {
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
        askedAt: job.createdAt,
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
};
