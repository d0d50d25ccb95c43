import { describe, expect, test } from "vitest";
import { crewOf, type OnBench, owner } from "../support/job-bench.ts";
import { echo, untilAborted } from "../support/scripted-work.ts";
import { until } from "../support/until.ts";

/** What one engine leaves another takes up. */
export const jobEngineTakeoverContract = (name: string, on: OnBench): void => {
  describe(`an engine on ${name} that goes away`, () => {
    test("in the middle of a task: another goes on with it, and no finished task runs again", () =>
      on(
        async ({ begin, ends, engine, another, told, work, store }) => {
          const threadId = await store.newThread(owner);
          const id = await begin(crewOf([{ id: "one" }, { id: "two" }, { id: "three", needs: ["one", "two"] }]), {
            threadId,
          });
          await until(() => work.began.length === 2);
          await engine.stop();
          const next = await another();
          next.engine.start();
          expect(await ends(id)).toMatchObject({
            status: "completed",
            result: { text: "three < one < two" },
            usage: { tokens: 30 },
          });
          expect(work.ended).toEqual([`${id}/one/1`]);
          expect(next.work.began).toEqual([`${id}/two/1`, `${id}/three/1`]);
          const events = await told(id);
          expect(new Set(events).size).toBe(events.length);
          expect(await store.saidIn(owner, threadId)).toHaveLength(1);
        },
        (request, { signal }) => (request.task.id === "two" ? untilAborted(signal) : echo(request)),
      ));

    test("in the middle of several: those that were done stay done", () =>
      on(
        async ({ begin, ends, engine, another, work }) => {
          const tasks = [{ id: "left" }, { id: "right" }, { id: "join", needs: ["left", "right"] }];
          const id = await begin(crewOf(tasks, { process: "graph" }));
          await until(() => work.ended.length === 1 && work.began.length === 2);
          await engine.stop();
          const next = await another();
          next.engine.start();
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "join < left < right" } });
          expect(next.work.began).toEqual([`${id}/right/1`, `${id}/join/1`]);
        },
        (request, { signal }) => (request.task.id === "right" ? untilAborted(signal) : echo(request)),
      ));

    test("before a job begins: the next one begins it, though nobody tells it", () =>
      on(async ({ begin, ends, engine, another, work }) => {
        await engine.stop();
        const id = await begin(crewOf([{ id: "one" }])).catch(() => undefined);
        const next = await another();
        next.engine.start();
        await until(() => next.work.ended.length === 1);
        expect(work.began).toEqual([]);
        if (id) expect(await ends(id)).toMatchObject({ status: "completed" });
      }));

    test("while a job is to be cancelled: the next one ends it", () =>
      on(
        async ({ begin, ends, engine, another, work, store }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          await until(() => work.began.length === 1);
          await engine.stop();
          await store.jobs.cancel(owner, id);
          const next = await another();
          next.engine.start();
          expect(await ends(id)).toMatchObject({ status: "cancelled" });
          expect(next.work.ended).toEqual([]);
        },
        (_request, { signal }) => untilAborted(signal),
      ));
  });
};
