import { describe, expect, test } from "vitest";
import { crewOf, type OnBench, owner } from "../support/job-bench.ts";
import { untilAborted } from "../support/scripted-work.ts";
import { until } from "../support/until.ts";

/** A job that is cancelled ends, whatever it was doing. */
export const jobEngineCancellingContract = (name: string, on: OnBench): void => {
  describe(`cancelling on ${name}`, () => {
    test("aborts what runs, and nothing more begins", () =>
      on(
        async ({ begin, ends, engine, work, store }) => {
          const threadId = await store.newThread(owner);
          const crew = crewOf([{ id: "one" }, { id: "two" }, { id: "three", needs: ["one", "two"] }], {
            process: "graph",
          });
          const id = await begin(crew, { threadId });
          await until(() => work.began.length === 2);
          await store.jobs.cancel(owner, id);
          await engine.tell(id);
          expect(await ends(id)).toMatchObject({ status: "cancelled" });
          await until(() => work.aborted.length === 2);
          expect([...work.aborted].sort()).toEqual([`${id}/one/1`, `${id}/two/1`]);
          expect(work.began).toHaveLength(2);
          expect(await store.saidIn(owner, threadId)).toHaveLength(1);
        },
        (_request, { signal }) => untilAborted(signal),
      ));

    test("ends a job that waits for somebody", () =>
      on(async ({ begin, reaches, ends, engine, work, store }) => {
        const id = await begin(crewOf([{ id: "act", human_approval: "before" }]));
        await reaches(id, "waiting_approval");
        await store.jobs.cancel(owner, id);
        await engine.tell(id);
        expect(await ends(id)).toMatchObject({ status: "cancelled" });
        expect(work.began).toEqual([]);
      }));

    test("of a job that has ended changes nothing", () =>
      on(async ({ begin, ends, engine, job, store }) => {
        const id = await begin(crewOf([{ id: "one" }]));
        await ends(id);
        await store.jobs.cancel(owner, id);
        await engine.tell(id);
        expect(await job(id)).toMatchObject({ status: "completed" });
      }));
  });
};
