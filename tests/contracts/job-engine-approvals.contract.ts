import { describe, expect, test } from "vitest";
import { crewOf, type OnBench, owner } from "../support/job-bench.ts";
import { echo, said } from "../support/scripted-work.ts";
import { until } from "../support/until.ts";

const dayMs = 86_400_000;

/** A crew waits where somebody has to agree, and goes on as they decide. */
export const jobEngineApprovalsContract = (name: string, on: OnBench, hasClock: boolean): void => {
  describe(`approval on ${name}`, () => {
    test("before a task: it does not begin until somebody agrees; a second decision is refused", () =>
      on(async ({ begin, reaches, ends, decide, job, told, work, store }) => {
        const id = await begin(crewOf([{ id: "look" }, { id: "act", human_approval: "before" }]));
        expect(await reaches(id, "waiting_approval")).toMatchObject({
          question: { key: `${id}/act/begin`, question: { about: "task", task: "act" } },
        });
        expect(work.began).toEqual([`${id}/look/1`]);
        await decide(id, "approve");
        await expect(store.jobs.decide(owner, id, { decision: "reject", by: owner })).rejects.toMatchObject({
          code: "CONFLICT",
        });
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "act" } });
        expect(await told(id)).toContain("decided act 1");
        expect((await job(id)).question).toBeUndefined();
      }));

    test("on a result: rejecting it ends the job with the reason, and nothing more runs", () =>
      on(async ({ begin, reaches, ends, decide, work }) => {
        const id = await begin(crewOf([{ id: "draft", human_approval: "result" }, { id: "send" }]));
        const { question } = await reaches(id, "waiting_approval");
        expect(question).toMatchObject({ question: { about: "result", output: { text: "draft" } } });
        await decide(id, "reject", { reason: "not this year" });
        expect(await ends(id)).toMatchObject({
          status: "failed",
          error: { code: "REJECTED", task: "draft", message: expect.stringContaining("not this year") },
        });
        expect(work.began).toEqual([`${id}/draft/1`]);
      }));

    test("on a result: asking for another round gives the agent the reason", () =>
      on(
        async ({ begin, reaches, ends, decide, work }) => {
          const id = await begin(crewOf([{ id: "draft", human_approval: "result" }]));
          await reaches(id, "waiting_approval");
          await decide(id, "repeat", { reason: "shorter" });
          await until(() => work.ended.length === 2);
          const { question } = await reaches(id, "waiting_approval");
          expect(question).toMatchObject({ question: { round: 2, output: { text: "shorter" } } });
          await decide(id, "approve");
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "shorter" } });
          expect(work.began).toEqual([`${id}/draft/1`, `${id}/draft/2`]);
        },
        ({ feedback }) => said(feedback ?? "first"),
      ));

    test("of one task keeps nobody else waiting, and is acted upon while others run", () => {
      const held = Promise.withResolvers<void>();
      return on(
        async ({ begin, reaches, ends, decide, work }) => {
          const tasks = [{ id: "long" }, { id: "act", human_approval: "before" }];
          const id = await begin(crewOf(tasks, { process: "graph" }));
          await reaches(id, "waiting_approval");
          await until(() => work.began.length > 0);
          expect(work.began).toEqual([`${id}/long/1`]);
          await decide(id, "approve");
          await until(() => work.ended.includes(`${id}/act/1`));
          expect(work.ended).toEqual([`${id}/act/1`]);
          held.resolve();
          expect(await ends(id)).toMatchObject({ status: "completed" });
          expect(work.began).toHaveLength(2);
        },
        async (request) => {
          if (request.task.id === "long") await held.promise;
          return echo(request);
        },
      );
    });

    test("of one task keeps back only what needs it", () =>
      on(async ({ begin, reaches, ends, decide, work }) => {
        const tasks = [
          { id: "act", human_approval: "before" },
          { id: "look" },
          { id: "tell", needs: ["look"] },
          { id: "end", needs: ["act", "tell"] },
        ];
        const id = await begin(crewOf(tasks, { process: "graph" }));
        await until(() => work.ended.includes(`${id}/tell/1`));
        await reaches(id, "waiting_approval");
        expect(work.began).toEqual([`${id}/look/1`, `${id}/tell/1`]);
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "completed", progress: { done: 4 } });
        expect(work.began).toHaveLength(4);
      }));

    test("of two tasks at once: each has its own decision", () =>
      on(async ({ begin, reaches, ends, decide, job, work }) => {
        const tasks = ["left", "right"].map((id) => ({ id, human_approval: "before" }));
        const id = await begin(crewOf(tasks, { process: "graph" }));
        const { question: first } = await reaches(id, "waiting_approval");
        await decide(id, "approve", { key: first?.key });
        await until(async () => {
          const { question } = await job(id);
          return question !== undefined && question.key !== first?.key && work.ended.length === 1;
        });
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "completed", progress: { done: 2 } });
        expect(work.began).toHaveLength(2);
      }));

    test("is waited for without an engine, and taken up by the one that starts later", () =>
      on(async ({ begin, reaches, ends, engine, another, work, store }) => {
        const id = await begin(crewOf([{ id: "one" }, { id: "act", human_approval: "before" }]));
        await reaches(id, "waiting_approval");
        await engine.stop();
        await store.jobs.decide(owner, id, { decision: "approve", by: owner });
        const later = await another();
        later.engine.start();
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "act" } });
        expect(work.began).toEqual([`${id}/one/1`]);
        expect(later.work.began).toEqual([`${id}/act/1`]);
      }));

    test.runIf(hasClock)("may take days: they do not count as the job's time", () =>
      on(async ({ begin, reaches, ends, decide, pass }) => {
        const tasks = [{ id: "one", human_approval: "result" }, { id: "two" }];
        const id = await begin(crewOf(tasks, { limits: { wall_seconds: 60 } }));
        await reaches(id, "waiting_approval");
        pass(3 * dayMs);
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "two" } });
      }),
    );
  });
};
