import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runCrew } from "../../../workflows/crews/run-crew.ts";
import type { TaskRequest, TaskResult } from "../../../workflows/crews/steps.ts";
import { crewOf } from "../../support/job-bench.ts";
import { recordedSteps } from "../../support/recorded-steps.ts";
import { echo, said } from "../../support/scripted-work.ts";
import { until } from "../../support/until.ts";

const refused: TaskResult = { status: "refused", feedback: "too short", usage: { tokens: 5, cost: 0 } };
const unknown: TaskResult = {
  status: "outcome_unknown",
  call: { tool: "open_ticket", key: "k", summary: "A ticket was to be opened." },
  usage: { tokens: 3, cost: 0 },
};

describe("a crew in sequence", () => {
  test("does its tasks in order, gives each what it needs, and ends with the last result", async () => {
    const { steps, ran } = recordedSteps({ run: echo });
    const crew = crewOf([{ id: "one" }, { id: "two" }, { id: "three", needs: ["one"] }]);
    expect(await runCrew({ jobId: "job", crew }, steps)).toMatchObject({ text: "three < one" });
    expect(ran).toEqual(["job/one/1", "job/two/1", "job/three/1"]);
  });

  test("gives the result of the task that it names", async () => {
    const { steps } = recordedSteps({ run: echo });
    const crew = crewOf([{ id: "one" }, { id: "two" }], { result: "one" });
    expect(await runCrew({ jobId: "job", crew }, steps)).toMatchObject({ text: "one" });
  });

  test("tries a refused task again with what was wrong, and no more often than it may", async () => {
    const feedbacks: (string | undefined)[] = [];
    const { steps } = recordedSteps({
      run(request) {
        feedbacks.push(request.feedback);
        return feedbacks.length < 3 ? refused : said("good");
      },
    });
    expect(await runCrew({ jobId: "job", crew: crewOf([{ id: "one" }]) }, steps)).toMatchObject({ text: "good" });
    expect(feedbacks).toEqual([undefined, "too short", "too short"]);
    const never = recordedSteps({ run: () => refused });
    await expect(
      runCrew({ jobId: "job", crew: crewOf([{ id: "one", max_rounds: 2 }]) }, never.steps),
    ).rejects.toMatchObject({ reason: "guardrails_unmet", task: "one", message: expect.stringContaining("too short") });
    expect(never.ran).toHaveLength(2);
  });
});

describe("approval", () => {
  test("before a task keeps it from beginning until somebody agrees", async () => {
    const { steps, ran } = recordedSteps({
      run: echo,
      decide: () => ({ decision: "reject", by: "ada", reason: "no" }),
    });
    const crew = crewOf([{ id: "one" }, { id: "act", human_approval: "before" }]);
    await expect(runCrew({ jobId: "job", crew }, steps)).rejects.toMatchObject({
      reason: "rejected",
      message: "ada rejected it: no",
    });
    expect(ran).toEqual(["job/one/1"]);
  });

  test("of a result may ask for another round", async () => {
    const { steps, ran, asked } = recordedSteps({
      run: ({ feedback }) => said(feedback ?? "first"),
      decide: (key) =>
        key === "job/one/1/result"
          ? { decision: "repeat", by: "ada", reason: "shorter" }
          : { decision: "approve", by: "ada" },
    });
    const crew = crewOf([{ id: "one", human_approval: "result" }]);
    expect(await runCrew({ jobId: "job", crew }, steps)).toMatchObject({ text: "shorter" });
    expect(ran).toEqual(["job/one/1", "job/one/2"]);
    expect(asked).toEqual(["job/one/1/result", "job/one/2/result"]);
  });

  test("may ask for another round behind the last one, within the steps of the job", async () => {
    const repeating = (most: number) =>
      recordedSteps({
        run: ({ key }) => (key === "job/one/3" ? { ...said(""), status: "refused", feedback: "empty" } : said(key)),
        decide: (key) => ({ decision: Number(key.split("/")[2]) < most ? "repeat" : "approve", by: "ada" }),
      });
    const crew = crewOf([{ id: "one", max_rounds: 2, human_approval: "result" }], { limits: { steps: 5 } });
    const patient = repeating(4);
    expect(await runCrew({ jobId: "job", crew }, patient.steps)).toMatchObject({ text: "job/one/4" });
    const endless = repeating(100);
    await expect(runCrew({ jobId: "job", crew }, endless.steps)).rejects.toMatchObject({ reason: "limit_reached" });
    expect(endless.ran).toHaveLength(5);
  });

  test("may take days without using up the time of the job", async () => {
    const { steps } = recordedSteps({ run: echo });
    const crew = crewOf([{ id: "one", human_approval: "result" }, { id: "two" }], { limits: { wall_seconds: 60 } });
    expect(await runCrew({ jobId: "job", crew }, steps)).toMatchObject({ text: "two" });
  });

  test("of two tasks that wait at the same time is one pause, not two: the job's time goes on after it", async () => {
    const seconds: number[] = [];
    let now = 0;
    const asked = new Map<string, () => void>();
    const { steps } = recordedSteps({
      run(request) {
        seconds.push(request.timeoutSeconds);
        now += 10_000;
        return echo(request);
      },
    });
    const crew = crewOf(
      [
        { id: "left", human_approval: "before" },
        { id: "right", human_approval: "before" },
        { id: "join", needs: ["left", "right"] },
      ],
      { process: "graph", limits: { wall_seconds: 60 } },
    );
    const waiting = {
      ...steps,
      now: () => now,
      async awaitApproval(key: string) {
        await new Promise<void>((resolve) => asked.set(key, resolve));
        return { decision: "approve", by: "ada" } as const;
      },
    };
    const run = runCrew({ jobId: "job", crew }, waiting);
    await until(() => asked.size === 2);
    now += 86_400_000;
    for (const agree of asked.values()) agree();
    await run;
    expect(seconds).toEqual([60, 50, 40]);
  });

  test.each(["approve", "repeat"] as const)(
    "of a call that was cut off (%s) lets the same round go on, as often as it takes, and uses up none",
    async (decision) => {
      const requests: TaskRequest[] = [];
      const { steps, asked, events } = recordedSteps({
        run(request) {
          requests.push(request);
          return requests.length < 3 ? unknown : said("opened");
        },
        decide: () => ({ decision, by: "ada", reason: "I looked" }),
      });
      const crew = crewOf([{ id: "one", max_rounds: 1, human_approval: "result" }], { limits: { steps: 1 } });
      const run = runCrew({ jobId: "job", crew }, steps);
      if (decision === "approve") expect(await run).toMatchObject({ text: "opened" });
      else await expect(run).rejects.toMatchObject({ reason: "limit_reached" }); // its result was to be repeated as well
      expect(asked).toEqual(["job/one/1/outcome", "job/one/1/outcome/2", "job/one/1/result"]);
      expect(requests.map(({ key }) => key)).toEqual(["job/one/1", "job/one/1", "job/one/1"]);
      expect(requests.map(({ used }) => used?.tokens)).toEqual([undefined, 3, 6]);
      const answer = { call: "k", happened: decision === "approve", by: "ada", reason: "I looked" };
      expect(requests[2]!.answers).toEqual([
        { ...answer, question: "job/one/1/outcome" },
        { ...answer, question: "job/one/1/outcome/2" },
      ]);
      expect(events.filter((id) => id.endsWith("one/1/started"))).toHaveLength(1);
    },
  );

  test("of a task or of a result that it needs is told to the task, and no other word counts as that", async () => {
    const approved = new Map<string, boolean>();
    const crew = crewOf([
      { id: "unasked" },
      { id: "draft", human_approval: "result", needs: ["unasked"] },
      { id: "act", needs: ["draft"] },
      { id: "begin", human_approval: "before" },
      { id: "last", needs: ["unasked", "begin"] },
    ]);
    const run = (request: TaskRequest) => {
      const known = approved.has(request.task.id);
      approved.set(request.task.id, request.approved);
      return request.task.id === "unasked" && !known ? unknown : echo(request);
    };
    await runCrew({ jobId: "job", crew }, recordedSteps({ run }).steps);
    expect(Object.fromEntries(approved)).toEqual({ unasked: false, draft: false, act: true, begin: true, last: false });
    const done = { draft: { text: "", citations: [] }, unasked: { text: "", citations: [] } };
    const state = { done, assigned: {}, agreed: ["draft"], spent: { steps: 2, tokens: 0, cost: 0 }, workedSeconds: 0 };
    approved.clear();
    await runCrew({ jobId: "job", crew, state }, recordedSteps({ run }).steps);
    expect(approved.get("act")).toBe(true);
  });
});

describe("limits", () => {
  test.each([
    ["steps", { steps: 2 }, "2 steps"],
    ["tokens", { tokens: 15 }, "15 tokens"],
    ["time", { wall_seconds: 2 }, "2 seconds"],
    ["budget", { budget: 0.015 }, "its budget of 0.015"],
  ])("of %s end the job before another task begins", async (_name, limits, words) => {
    const { steps, ran } = recordedSteps({ run: echo });
    const crew = crewOf([{ id: "one" }, { id: "two" }, { id: "three" }], { limits });
    await expect(runCrew({ jobId: "job", crew }, steps)).rejects.toMatchObject({
      reason: "limit_reached",
      task: "three",
      message: expect.stringContaining(words),
    });
    expect(ran).toHaveLength(2);
  });
});

describe("tasks side by side", () => {
  const side = (limits: object) =>
    crewOf(
      Array.from({ length: 16 }, (_, index) => ({ id: `t${index}`, max_rounds: 10 })),
      { process: "graph", limits: { parallel: 16, ...limits } },
    );

  test("begin together no more rounds than the job may have steps", async () => {
    const { steps, ran } = recordedSteps({ run: () => refused });
    const run = runCrew({ jobId: "job", crew: side({ steps: 10 }) }, steps);
    await expect(run).rejects.toMatchObject({ reason: "limit_reached", message: expect.stringContaining("10 steps") });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toHaveLength(10);
  });

  test("share the tokens, and see what each other's rounds have used", async () => {
    const offered: number[] = [];
    const { steps, ran } = recordedSteps({
      run({ tokensLeft }) {
        offered.push(tokensLeft);
        return { ...refused, usage: { tokens: tokensLeft, cost: 0 } };
      },
    });
    const run = runCrew({ jobId: "job", crew: side({ steps: 1_000, tokens: 16_000 }) }, steps);
    await expect(run).rejects.toMatchObject({ reason: "limit_reached", message: /16000 tokens/ });
    await new Promise((resolve) => setImmediate(resolve));
    expect(offered.slice(0, 16)).toEqual(Array(16).fill(1_000));
    expect(ran).toHaveLength(16);
  });

  test("that are kept are not refused in a replay for what the others used later", async () => {
    const crew = crewOf([{ id: "left" }, { id: "right", human_approval: "result" }], {
      process: "graph",
      limits: { tokens: 15 },
    });
    const asked = { count: 0 };
    const first = recordedSteps({ run: echo });
    const waiting = {
      ...first.steps,
      awaitApproval: async () => {
        asked.count += 1;
        return asked.count === 1 ? new Promise<never>(() => undefined) : ({ decision: "approve", by: "ada" } as const);
      },
    };
    runCrew({ jobId: "job", crew }, waiting).catch(() => undefined);
    await until(() => asked.count === 1);
    first.replay();
    // The replay comes to the second task when the first one's tokens are booked already.
    const late = {
      ...waiting,
      async emit(event: Parameters<typeof waiting.emit>[0]) {
        if (event.id === "job/right/1/started") await new Promise((resolve) => setTimeout(resolve, 5));
        return waiting.emit(event);
      },
    };
    expect(await runCrew({ jobId: "job", crew }, late)).toMatchObject({ text: "right" });
    expect(first.ran).toEqual(["job/left/1", "job/right/1"]);
  });
});

test("a manager says who does what nobody was named for", async () => {
  const agents = ["boss", "reader", "writer"].map((id) => ({ id, role: id, goal: "Work" }));
  const doers: string[] = [];
  const { steps } = recordedSteps({
    run({ agent }) {
      doers.push(agent.id);
      return said("done");
    },
  });
  const crew = crewOf([{ id: "one" }, { id: "two" }, { id: "three", agent: "reader" }], {
    process: "hierarchical",
    manager: "boss",
    agents,
  });
  await runCrew({ jobId: "job", crew }, steps);
  expect(doers).toEqual(["reader", "writer", "reader"]);
});

/** Graphs without circles: a task needs only tasks before it. */
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((rows) =>
  crewOf(
    rows.map((needs, index) => ({
      id: `t${index}`,
      needs: index === 0 ? [] : [...new Set(needs.map((need) => `t${need % index}`))],
    })),
    { process: "graph", limits: { parallel: 3 } },
  ),
);

describe("a crew as a graph", () => {
  test("never begins a task before what it needs, and does each once", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (crew) => {
        const { steps, ran } = recordedSteps({ run: echo });
        await runCrew({ jobId: "job", crew }, steps);
        const order = ran.map((key) => key.split("/")[1]!);
        expect([...order].sort()).toEqual(crew.tasks.map(({ id }) => id).sort());
        for (const { id, needs } of crew.tasks) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  test("that is cut off anywhere and replayed runs each step once and ends the same", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 }), async (crew, cuts) => {
        const whole = recordedSteps({ run: echo });
        const expected = await runCrew({ jobId: "job", crew }, whole.steps);
        let left = 0;
        const cut = recordedSteps({ run: echo, mayRun: () => left-- > 0 });
        for (const steps of cuts) {
          left = steps;
          const pause = new Promise<"cut">((resolve) => setTimeout(resolve, 2, "cut"));
          await Promise.race([runCrew({ jobId: "job", crew }, cut.steps), pause]);
          cut.replay();
        }
        left = 1_000;
        expect(await runCrew({ jobId: "job", crew }, cut.steps)).toEqual(expected);
        expect(new Set(cut.ran).size).toBe(cut.ran.length);
        expect([...cut.ran].sort()).toEqual([...whole.ran].sort());
        expect([...cut.events].sort()).toEqual([...whole.events].sort());
      }),
      { numRuns: 40 },
    );
  });

  test("goes on from what an earlier run of the job had done", async () => {
    const crew = crewOf([{ id: "one" }, { id: "two", needs: ["one"] }], { process: "graph" });
    const { steps, ran } = recordedSteps({ run: echo });
    const state = {
      done: { one: { text: "before", citations: [] } },
      assigned: {},
      agreed: [],
      spent: { steps: 1, tokens: 10, cost: 0 },
      workedSeconds: 5,
    };
    expect(await runCrew({ jobId: "job", crew, state }, steps)).toMatchObject({ text: "two < before" });
    expect(ran).toEqual(["job/two/1"]);
  });
});
