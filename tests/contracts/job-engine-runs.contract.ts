import { describe, expect, test } from "vitest";
import { crewOf, type OnBench, owner } from "../support/job-bench.ts";
import { echo, said } from "../support/scripted-work.ts";
import { until } from "../support/until.ts";

/** Tasks run in the order that a crew says, each once. */
export const jobEngineRunsContract = (name: string, on: OnBench): void => {
  describe(`jobs on ${name}`, () => {
    test("a crew in sequence: each task once, with what it needs; the result and the events are there once", () =>
      on(async ({ begin, ends, told, work, store }) => {
        const threadId = await store.newThread(owner);
        const crew = crewOf([{ id: "one" }, { id: "two", needs: ["one"] }, { id: "three", needs: ["two"] }]);
        const id = await begin(crew, { threadId });
        expect(await ends(id)).toMatchObject({
          status: "completed",
          result: { text: "three < two < one" },
          progress: { done: 3, total: 3, running: [] },
          usage: { tokens: 30 },
        });
        expect(work.began).toEqual([`${id}/one/1`, `${id}/two/1`, `${id}/three/1`]);
        const ofTask = (task: string) => [`task_started ${task} 1`, `task_done ${task}`];
        expect(await told(id)).toEqual([
          "started",
          ...ofTask("one"),
          ...ofTask("two"),
          ...ofTask("three"),
          "completed",
        ]);
        expect(await store.saidIn(owner, threadId)).toEqual(["three < two < one"]);
      }));

    test("a graph: what needs nothing of one another runs at once, what needs both comes after both", () => {
      let underWay = 0;
      let atOnce = 0;
      return on(
        async ({ begin, ends, work }) => {
          const tasks = [{ id: "left" }, { id: "right" }, { id: "join", needs: ["left", "right"] }];
          const id = await begin(crewOf(tasks, { process: "graph" }));
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "join < left < right" } });
          expect(atOnce).toBe(2);
          expect([...work.began].sort()).toEqual([`${id}/join/1`, `${id}/left/1`, `${id}/right/1`]);
        },
        async (request) => {
          underWay += 1;
          atOnce = Math.max(atOnce, underWay);
          if (request.task.id !== "join") await until(() => atOnce === 2, 20_000);
          underWay -= 1;
          return echo(request);
        },
      );
    });

    test("a hierarchy: the manager is asked once who does what", () => {
      const doers = new Map<string, string>();
      return on(
        async ({ begin, ends, work }) => {
          const agents = ["boss", "reader", "writer"].map((agent) => ({ id: agent, role: agent, goal: "Work" }));
          const more = { process: "hierarchical", manager: "boss", agents };
          const id = await begin(crewOf([{ id: "one" }, { id: "two" }, { id: "three", agent: "reader" }], more));
          expect(await ends(id)).toMatchObject({ status: "completed", usage: { tokens: 31 } });
          expect(work.assigned).toEqual([`${id}/assign`]);
          expect(Object.fromEntries(doers)).toEqual({ one: "reader", two: "writer", three: "reader" });
        },
        (request) => {
          doers.set(request.task.id, request.agent.id);
          return echo(request);
        },
      );
    });

    test("a job that is told to run again and again runs once", () =>
      on(async ({ begin, ends, engine, work, store }) => {
        engine.start();
        const threadId = await store.newThread(owner);
        const id = await begin(crewOf([{ id: "one" }, { id: "two" }]), { threadId });
        await Promise.all([engine.run(id), engine.run(id), engine.tell(id)]);
        await ends(id);
        await engine.run(id);
        await engine.tell(id);
        expect(work.began).toEqual([`${id}/one/1`, `${id}/two/1`]);
        expect(await store.saidIn(owner, threadId)).toHaveLength(1);
      }));

    test("twenty jobs at once all complete, each with its own result", () =>
      on(
        async ({ begin, ends, work }) => {
          const tasks = [{ id: "one" }, { id: "two" }, { id: "three", needs: ["one", "two"] }];
          const ids = await Promise.all(Array.from({ length: 20 }, () => begin(crewOf(tasks, { process: "graph" }))));
          for (const id of ids) {
            expect(await ends(id)).toMatchObject({
              status: "completed",
              result: { text: `${id}/three/1 ${id}/one/1 ${id}/two/1` },
            });
          }
          expect(new Set(work.began).size).toBe(60);
          expect(work.began).toHaveLength(60);
        },
        ({ key, context }) => said([key, ...Object.values(context).map(({ text }) => text)].join(" ")),
      ));

    test("a crew that changes leaves the jobs that run as they were", () =>
      on(async ({ begin, reaches, ends, decide, work }) => {
        const id = await begin(crewOf([{ id: "one", human_approval: "result" }, { id: "two" }]));
        await reaches(id, "waiting_approval");
        const changed = await begin(crewOf([{ id: "other" }]));
        expect(await ends(changed)).toMatchObject({ result: { text: "other" } });
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "two" } });
        expect(work.began).toEqual([`${id}/one/1`, `${changed}/other/1`, `${id}/two/1`]);
      }));
  });
};
