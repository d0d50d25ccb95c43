import { describe, expect, test } from "vitest";
import { crewOf, type OnBench, owner } from "../support/job-bench.ts";
import { until } from "../support/until.ts";

/** An engine finds by itself what was stored for it. */
export const jobEngineUntoldContract = (name: string, on: OnBench): void => {
  describe(`what is stored and nobody tells ${name}`, () => {
    const waits = crewOf([{ id: "act", human_approval: "before" }]);

    test("a decision: the job goes on", () =>
      on(async ({ begin, reaches, ends, engine, store, work }) => {
        engine.start();
        const id = await begin(waits);
        await reaches(id, "waiting_approval");
        await store.jobs.decide(owner, id, { decision: "approve", by: owner });
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "act" } });
        expect(work.began).toEqual([`${id}/act/1`]);
      }));

    test("one decision after the other: each is acted upon", () =>
      on(async ({ begin, reaches, ends, engine, job, store }) => {
        engine.start();
        const id = await begin(
          crewOf([
            { id: "act", human_approval: "before" },
            { id: "send", human_approval: "before" },
          ]),
        );
        const { question } = await reaches(id, "waiting_approval");
        await store.jobs.decide(owner, id, { decision: "approve", by: owner });
        await until(async () => (await job(id)).question?.key.startsWith(`${id}/send/`) ?? false);
        expect((await job(id)).question?.key).not.toBe(question?.key);
        await store.jobs.decide(owner, id, { decision: "approve", by: owner });
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "send" } });
      }));

    test("a wish to cancel: the job ends", () =>
      on(async ({ begin, reaches, ends, engine, store }) => {
        engine.start();
        const id = await begin(waits);
        await reaches(id, "waiting_approval");
        await store.jobs.cancel(owner, id);
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
      }));

    test("that the conversation was erased: the job ends", () =>
      on(async ({ begin, reaches, ends, engine, store, work }) => {
        engine.start();
        const threadId = await store.newThread(owner);
        const id = await begin(waits, { threadId });
        await reaches(id, "waiting_approval");
        await store.erase(owner, threadId);
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
        expect(work.began).toEqual([]);
      }));
  });
};
