import { describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import type { TaskResult } from "../../workflows/crews/steps.ts";
import type { CrewTool } from "../../workflows/crews/work/task-work-deps.ts";
import type { JobWork } from "../../workflows/jobs/job.ts";
import { crewOf, type JobBench, type MakeEngine, onJobBench, owner, type Script } from "../support/job-bench.ts";
import { type JobsUnderTest, memoryJobs } from "../support/memory-jobs.ts";
import { echo, said, untilAborted } from "../support/scripted-work.ts";
import { taskWorkWith, toolOf } from "../support/task-work.ts";
import { until } from "../support/until.ts";

export interface JobEngineContractOptions {
  /** A store for one test; it shows an engine only the jobs that were made through it. */
  readonly openStore?: () => JobsUnderTest | Promise<JobsUnderTest>;
  /** Whether the engine goes by the clock that it is given. */
  readonly hasClock?: boolean;
}

const refused: TaskResult = { status: "refused", feedback: "too short", usage: { tokens: 5, cost: 0 } };
const dayMs = 86_400_000;

/** What every engine does with jobs, whatever makes it durable. Each test has engines of its own over a store of its own. */
export const jobEngineContract = (
  name: string,
  makeEngine: MakeEngine,
  { openStore = memoryJobs, hasClock = true }: JobEngineContractOptions = {},
): void => {
  const on = (
    use: (bench: JobBench) => Promise<void>,
    script?: Script,
    attempts?: { readonly most?: number; readonly timeoutMs?: number },
  ): Promise<void> =>
    onJobBench({ make: makeEngine, openStore, ...(script ? { script } : {}), ...(attempts ? { attempts } : {}) }, use);

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
          if (request.task.id !== "join") await until(() => atOnce === 2, 5_000);
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

  describe(`a call that was cut off, on ${name},`, () => {
    const ticket = (run: CrewTool["run"]) => toolOf("open_ticket", { effect: "write", run });
    const withTickets = (task: object = {}) =>
      crewOf([{ id: "act", without_model: "call_tools", max_rounds: 1, ...task }], {
        agents: [{ id: "worker", role: "Worker", goal: "Work", tools: ["open_ticket", "file_note"] }],
      });
    /** The true work of tasks, whose first call fails in a way that leaves it open. */
    const cutOffOnce = () => {
      const opened: string[] = [];
      const filed: string[] = [];
      const { work, records } = taskWorkWith({
        tools: [
          ticket(async (_args, { idempotencyKey }) => {
            opened.push(idempotencyKey);
            return opened.length === 1
              ? { status: "failed", reason: "It took too long." }
              : { status: "ok", text: "Ticket 7 is open.", sources: [] };
          }),
          toolOf("file_note", {
            effect: "write",
            run: async (_args, { idempotencyKey }) => {
              filed.push(idempotencyKey);
              return { status: "ok", text: "The note is filed.", sources: [] };
            },
          }),
        ],
      });
      const script = (crew: Crew): Script => {
        const principal = { id: owner, roles: ["user"] };
        const asJob = (id: string): JobWork => ({
          id,
          crew,
          input: {},
          timezone: "UTC",
          principal,
          threadId: id,
          mode: "open",
        });
        return (request, run) => work.doTask(asJob(request.key.split("/")[0]!), request, run);
      };
      return { opened, filed, records, script };
    };

    test("and did happen: the rest of the task goes on, and its result waits to be approved", () => {
      const crew = withTickets({ human_approval: "result" });
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide, told }) => {
        const id = await begin(crew);
        const { question } = await reaches(id, "outcome_unknown");
        expect(question).toMatchObject({ question: { about: "outcome", call: { tool: "open_ticket" } } });
        expect(filed).toEqual([]);
        await decide(id, "approve");
        expect(await reaches(id, "waiting_approval")).toMatchObject({
          question: { question: { about: "result", output: { text: expect.stringContaining("The note is filed.") } } },
        });
        expect(opened).toHaveLength(1);
        expect(filed).toHaveLength(1);
        await decide(id, "approve");
        const { result } = await ends(id);
        expect(result?.text).toContain(`${owner} says that it happened`);
        expect((await told(id)).filter((event) => event.startsWith("task_started"))).toHaveLength(1);
      }, script(crew));
    });

    test("and did happen: what the task gives must meet its guardrails all the same", () => {
      const crew = withTickets({ guardrails: [{ kind: "schema", schema: { type: "array" } }] });
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "failed", error: { code: "GUARDRAILS_UNMET" } });
        expect([opened.length, filed.length]).toEqual([1, 1]);
      }, script(crew));
    });

    test("and did not happen: it is made once more, with the same key and in the same round", () => {
      const crew = withTickets();
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide, work }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await decide(id, "repeat");
        expect(await ends(id)).toMatchObject({
          status: "completed",
          result: { text: "Ticket 7 is open.\n\nThe note is filed." },
        });
        expect(opened).toEqual([`${id}/act/1/call/open_ticket.1`, `${id}/act/1/call/open_ticket.1`]);
        expect(filed).toHaveLength(1);
        expect(work.began).toEqual([`${id}/act/1`, `${id}/act/1`]);
      }, script(crew));
    });

    test("and turned out to have happened before anybody answered: it is not repeated", () => {
      const crew = withTickets();
      const { opened, records, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await records.done(id, `${id}/act/1/call/open_ticket.1`, {
          status: "ok",
          text: "Ticket 6 was open.",
          sources: [],
        });
        await decide(id, "repeat");
        expect(await ends(id)).toMatchObject({
          status: "completed",
          result: { text: expect.stringContaining("Ticket 6 was open.") },
        });
        expect(opened).toHaveLength(1);
      }, script(crew));
    });
  });

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

  describe(`failures on ${name}`, () => {
    test("that pass are tried again", () => {
      let failures = 0;
      return on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }, { id: "two" }]));
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "two" } });
          expect(work.began).toEqual([`${id}/one/1`, `${id}/one/1`, `${id}/one/1`, `${id}/two/1`]);
        },
        (request) => {
          failures += 1;
          if (failures === 1) throw new AppError("PROVIDER_OVERLOADED", "The model is busy.");
          if (failures === 2) throw new AppError("UPSTREAM_UNAVAILABLE", "The service is away.");
          return echo(request);
        },
      );
    });

    test("of our own stores end nothing, not even when it is unknown whether something was stored", () => {
      const failures = [
        new AppError("DATABASE_UNAVAILABLE", "It is not known whether it was stored.", { retryable: false }),
        new AppError("EVENTS_UNAVAILABLE", "The bus is away."),
      ];
      return on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "one" } });
          expect(work.began).toHaveLength(3);
        },
        (request) => {
          const failure = failures.shift();
          if (failure) throw failure;
          return echo(request);
        },
        { most: 1 },
      );
    });

    test("of a model that does not come back make one more attempt, without it", () =>
      on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          expect(await ends(id)).toMatchObject({ status: "completed", result: { text: "one" } });
          expect(work.began).toHaveLength(4);
        },
        (request, { withoutModel }) => {
          if (!withoutModel) throw new AppError("RATE_LIMITED", "Too many requests.");
          return echo(request);
        },
      ));

    test("that do not pass end the job with their code and task, after as many attempts as there may be", () =>
      on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          expect(await ends(id)).toMatchObject({
            status: "failed",
            error: { code: "UPSTREAM_UNAVAILABLE", task: "one", message: "The service is away." },
          });
          expect(work.began).toHaveLength(3);
        },
        () => {
          throw new AppError("UPSTREAM_UNAVAILABLE", "The service is away.");
        },
      ));

    test("of another kind end the job at once, and tell no more than they should", () =>
      on(
        async ({ begin, ends, work }) => {
          const denied = await begin(crewOf([{ id: "one" }, { id: "denied" }, { id: "never" }]));
          expect(await ends(denied)).toMatchObject({
            status: "failed",
            error: { code: "POLICY_DENIED", task: "denied", message: "This tool is not for you." },
            usage: { tokens: 10 },
          });
          expect(work.began).toHaveLength(2);
          const broken = await begin(crewOf([{ id: "broken" }]));
          const { error } = await ends(broken);
          expect(error).toMatchObject({ code: "INTERNAL", task: "broken" });
          expect(JSON.stringify(error)).not.toContain("secret");
        },
        (request) => {
          if (request.task.id === "denied") throw new AppError("POLICY_DENIED", "This tool is not for you.");
          if (request.task.id === "broken") throw new TypeError("secret is not a function");
          return echo(request);
        },
      ));

    test("of one branch stop the others", () => {
      const longRuns = Promise.withResolvers<void>();
      return on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "long" }, { id: "broken" }], { process: "graph" }));
          expect(await ends(id)).toMatchObject({
            status: "failed",
            error: { code: "PROVIDER_REFUSED", task: "broken" },
          });
          await until(() => work.aborted.length === 1);
          expect(work.aborted).toEqual([`${id}/long/1`]);
        },
        async ({ task }, { signal }) => {
          if (task.id === "long") {
            longRuns.resolve();
            return untilAborted(signal);
          }
          await longRuns.promise;
          throw new AppError("PROVIDER_REFUSED", "The model refused.");
        },
      );
    });

    test("of one branch: the job has not ended while a call of another one is under way", () => {
      const longRuns = Promise.withResolvers<void>();
      const seen: string[] = [];
      let ask: (() => Promise<string>) | undefined;
      return on(
        async ({ begin, ends, job }) => {
          const id = await begin(crewOf([{ id: "long" }, { id: "broken" }], { process: "graph" }));
          ask = async () => (await job(id)).status;
          expect(await ends(id)).toMatchObject({ status: "failed" });
          expect(seen).toEqual(["running"]);
        },
        async ({ task }, { signal }) => {
          if (task.id === "broken") {
            await longRuns.promise;
            throw new AppError("PROVIDER_REFUSED", "The model refused.");
          }
          longRuns.resolve();
          await untilAborted(signal).catch(() => undefined);
          // It heeds its signal, and what it had begun takes a moment to end.
          await new Promise((next) => setTimeout(next, 300));
          seen.push(await ask!());
          throw signal.reason;
        },
      );
    });

    test("to answer in time are given up and tried again", () => {
      let attempts = 0;
      return on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }]));
          expect(await ends(id)).toMatchObject({ status: "completed" });
          expect(work.aborted).toEqual([`${id}/one/1`]);
        },
        (request, { signal }) => {
          attempts += 1;
          return attempts === 1 ? untilAborted(signal) : echo(request);
        },
        { timeoutMs: 300 },
      );
    });

    test("to meet the guardrails are told to the next round", () => {
      const feedbacks: (string | undefined)[] = [];
      return on(
        async ({ begin, ends, told, work }) => {
          const id = await begin(crewOf([{ id: "one", max_rounds: 3 }]));
          expect(await ends(id)).toMatchObject({
            status: "completed",
            result: { text: "good" },
            usage: { tokens: 20 },
          });
          expect(feedbacks).toEqual([undefined, "too short", "too short"]);
          expect(work.began).toEqual([1, 2, 3].map((round) => `${id}/one/${round}`));
          expect((await told(id)).filter((event) => event.startsWith("task_refused"))).toHaveLength(2);
          const never = await begin(crewOf([{ id: "never", max_rounds: 2 }]));
          expect(await ends(never)).toMatchObject({
            status: "failed",
            error: { code: "GUARDRAILS_UNMET", task: "never", message: expect.stringContaining("too short") },
          });
        },
        ({ task, key, feedback }) => {
          if (task.id === "never") return refused;
          feedbacks.push(feedback);
          return key.endsWith("/3") ? said("good") : refused;
        },
      );
    });
  });

  describe(`limits on ${name}`, () => {
    test.each([
      ["steps", { steps: 2 }, "2 steps"],
      ["tokens", { tokens: 15 }, "15 tokens"],
      ["budget", { budget: 0.015 }, "its budget of 0.015"],
    ])("of %s end the job before another task begins", (_name, limits, words) =>
      on(async ({ begin, ends, work }) => {
        const id = await begin(crewOf([{ id: "one" }, { id: "two" }, { id: "three" }], { limits }));
        expect(await ends(id)).toMatchObject({
          status: "failed",
          error: { code: "LIMIT_REACHED", task: "three", message: expect.stringContaining(words) },
          usage: { tokens: 20 },
        });
        expect(work.began).toHaveLength(2);
      }),
    );

    test("of time end a task that runs", () =>
      on(
        async ({ begin, ends, work }) => {
          const id = await begin(crewOf([{ id: "one" }, { id: "two" }], { limits: { wall_seconds: 1 } }));
          expect(await ends(id)).toMatchObject({
            status: "failed",
            error: { code: "LIMIT_REACHED", task: "one", message: expect.stringContaining("1 seconds") },
          });
          expect(work.began).toEqual([`${id}/one/1`]);
          expect(work.aborted).toEqual([`${id}/one/1`]);
        },
        (_request, { signal }) => untilAborted(signal),
      ));
  });

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
