import { randomUUID } from "node:crypto";
import { ApplicationFailure } from "@temporalio/common";
import { MockActivityEnvironment } from "@temporalio/testing";
import { DefaultLogger } from "@temporalio/worker";
import { describe, expect, test } from "vitest";
import { AppError } from "../../../../platform/errors/app-error.ts";
import type { CrewEvent, TaskResult } from "../../../../workflows/crews/steps.ts";
import type { JobOutcome } from "../../../../workflows/jobs/job-store.ts";
import { createCrewActivities } from "../../../../workflows/jobs/temporal/activities.ts";
import type { RoundCall } from "../../../../workflows/jobs/temporal/crew-activities.ts";
import { largestPayload } from "../../../../workflows/jobs/temporal/payload-limit.ts";
import { crewOf, owner, type Script } from "../../../support/job-bench.ts";
import { memoryJobs } from "../../../support/memory-jobs.ts";
import { echo, said, scriptedWork, untilAborted } from "../../../support/scripted-work.ts";

/** A job of two tasks, the activities that work on it, and a place to run them in. */
const jobWith = async (script: Script = echo, mode: "open" | "confidential" = "open") => {
  const store = memoryJobs();
  const id = randomUUID();
  const crew = crewOf([{ id: "draft", description: "Write about {topic}." }, { id: "send" }]);
  const threadId = await store.newThread(owner);
  await store.jobs.create({ id, crew, input: {}, principal: { id: owner, roles: ["user"] }, threadId, mode });
  const work = scriptedWork(script);
  const told: string[] = [];
  const activities = createCrewActivities({
    work,
    records: store.records,
    beatMs: 10,
    onStep: (step, outcome) => told.push(`${step} ${outcome}`),
  });
  const call: RoundCall = {
    jobId: id,
    key: `${id}/draft/1`,
    task: "draft",
    agent: "worker",
    context: {},
    approved: false,
    tokensLeft: 100,
    timeoutSeconds: 5,
  };
  return {
    id,
    store,
    work,
    told,
    activities,
    call,
    environment: new MockActivityEnvironment({}, { logger: new DefaultLogger("ERROR", () => undefined) }),
  };
};

describe("the steps of a crew's workflow", () => {
  test("get the task and the agent as the job has them, whatever the history holds", async () => {
    const seen: unknown[] = [];
    const { activities, call, environment, told } = await jobWith((request) => {
      seen.push(request.task.description, request.agent.role);
      return echo(request);
    });
    expect(await environment.run(activities.doTask, call)).toMatchObject({ status: "ok", output: { text: "draft" } });
    expect(seen).toEqual(["Write about {topic}.", "Worker"]);
    expect(told).toEqual(["task ok"]);
  });

  test("give the workflow an outline of the crew without what its agents are told", async () => {
    const { id, activities, environment } = await jobWith();
    const opened = await environment.run(activities.open, id);
    expect(opened).toMatchObject({ isToCancel: false, crew: { tasks: [{ id: "draft" }, { id: "send" }] } });
    expect(JSON.stringify(opened)).not.toContain("topic");
  });

  test("say that they are alive as long as they run, and stop when they are cancelled", async () => {
    const { activities, call, environment, work, told } = await jobWith((_request, { signal }) => untilAborted(signal));
    const beats = new Promise<void>((resolve) => {
      let count = 0;
      environment.on("heartbeat", () => {
        count += 1;
        if (count === 3) resolve();
      });
    });
    const running = environment.run(activities.doTask, call);
    await beats;
    environment.cancel("CANCELLED");
    await expect(running).rejects.toMatchObject({ name: "CancelledFailure" });
    expect(work.aborted).toEqual([call.key]);
    expect(told).toEqual(["task cancelled"]);
  });

  test("do not begin when the job is to be cancelled", async () => {
    const { id, store, activities, call, environment, work } = await jobWith();
    await store.jobs.cancel(owner, id);
    await expect(environment.run(activities.doTask, call)).rejects.toMatchObject({ nonRetryable: true });
    expect(work.began).toEqual([]);
  });

  test("are left to another worker when this one stops, without counting as failed", async () => {
    const { activities, call, environment } = await jobWith((_request, { signal }) => untilAborted(signal));
    const running = environment.run(activities.doTask, call);
    environment.cancel("WORKER_SHUTDOWN");
    await expect(running).rejects.toMatchObject({ name: "ApplicationFailure", nonRetryable: false });
  });

  test("are given up when their time is over", async () => {
    const { activities, call, environment, work } = await jobWith((_request, { signal }) => untilAborted(signal));
    await expect(environment.run(activities.doTask, { ...call, timeoutSeconds: 0.05 })).rejects.toMatchObject({
      type: "DEADLINE_EXCEEDED",
      details: [{ retryable: true }],
    });
    expect(work.aborted).toEqual([call.key]);
  });

  test.each([
    ["PROVIDER_OVERLOADED", { nonRetryable: true, details: [{ retryable: true, retryAfterSeconds: 7 }] }],
    ["POLICY_DENIED", { nonRetryable: true, details: [{ retryable: false }] }],
    // Temporal itself repeats what our own database missed.
    ["DATABASE_UNAVAILABLE", { nonRetryable: false }],
  ] as const)("tell of the error %s so that the workflow knows what to do", async (code, failure) => {
    const { activities, call, environment } = await jobWith(() => {
      throw new AppError(code, "It did not work.", code === "PROVIDER_OVERLOADED" ? { retryAfterSeconds: 7 } : {});
    });
    const thrown = await environment.run(activities.doTask, call).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApplicationFailure);
    expect(thrown).toMatchObject({ type: code, message: "It did not work.", ...failure });
  });

  test.each(["open", "decision", "finish"] as const)(
    "are tried again when nobody knows whether our database stored what '%s' had for it",
    async (step) => {
      const { id, store, environment } = await jobWith();
      const away = async (): Promise<never> => {
        throw new AppError("DATABASE_UNAVAILABLE", "It is not known whether it was stored.", { retryable: false });
      };
      const records = { ...store.records, started: away, decision: away, finish: away };
      const activities = createCrewActivities({ work: scriptedWork(), records });
      const cancelled: JobOutcome = { status: "cancelled", usage: { tokens: 0, cost: 0 } };
      const steps = {
        open: () => environment.run(activities.open, id),
        decision: () => environment.run(activities.decision, id, "any"),
        finish: () => environment.run(activities.finish, id, cancelled),
      };
      await expect(steps[step]()).rejects.toMatchObject({ type: "DATABASE_UNAVAILABLE", nonRetryable: false });
    },
  );

  test("tell nothing of what went wrong inside", async () => {
    const { activities, call, environment } = await jobWith(() => {
      throw new TypeError("secret is not a function", { cause: new Error("secret") });
    });
    const thrown = (await environment.run(activities.doTask, call).catch((error: unknown) => error)) as Error;
    expect(thrown).toMatchObject({ type: "INTERNAL", nonRetryable: true });
    expect(`${thrown.message} ${JSON.stringify(thrown)} ${thrown.cause}`).not.toContain("secret");
  });

  test("that give more than a history takes fail with a word of why", async () => {
    const { activities, call, environment } = await jobWith(() => said("x".repeat(largestPayload + 1)));
    await expect(environment.run(activities.doTask, call)).rejects.toMatchObject({
      type: "TOO_LARGE",
      message: expect.stringContaining("ref"),
    });
  });

  test("of a job that is not there, or has ended, fail for good", async () => {
    const { id, store, activities, call, environment } = await jobWith();
    await store.records.finish(id, { status: "cancelled", usage: { tokens: 0, cost: 0 } });
    await expect(environment.run(activities.doTask, call)).rejects.toMatchObject({
      type: "NOT_FOUND",
      nonRetryable: true,
    });
  });
});

describe("the steps of a confidential job", () => {
  const results: readonly TaskResult[] = [
    {
      status: "ok",
      output: {
        text: "a secret",
        data: { secret: 1 },
        ref: "kept/1",
        citations: [{ id: "1", title: "secret", url: "https://secret.example", itemId: "secret" }],
      },
      usage: { tokens: 1, cost: 0 },
    },
    { status: "refused", feedback: "too secret", usage: { tokens: 1, cost: 0 } },
    {
      status: "outcome_unknown",
      call: { tool: "send_mail", key: "k", summary: "A secret was to be sent." },
      usage: { tokens: 1, cost: 0 },
    },
  ];

  test.each(results)("give the history nothing that was said: $status", async (result) => {
    const { activities, call, environment } = await jobWith(() => result, "confidential");
    const given = (await environment.run(activities.doTask, call)) as TaskResult;
    expect(given.status).toBe(result.status);
    expect(JSON.stringify(given)).not.toContain("secret");
    if (given.status === "ok") expect(given.output.ref).toBe("kept/1");
  });

  test("tell the log what kind of thing went wrong inside, and no word of it", async () => {
    const broken = Object.assign(new SyntaxError('Unexpected token: "secret"', { cause: new Error("a secret row") }), {
      code: "22P02",
      detail: "Failing row: secret",
    });
    const event: CrewEvent = { id: "e", kind: "started" };
    for (const mode of ["confidential", "open"] as const) {
      const { id, store, call, environment } = await jobWith(echo, mode);
      const logged: unknown[] = [];
      const activities = createCrewActivities({
        work: scriptedWork(() => Promise.reject(broken)),
        records: { ...store.records, emit: () => Promise.reject(broken) },
        onUnforeseen: (...told) => logged.push(told),
      });
      await environment.run(activities.doTask, call).catch(() => undefined);
      await environment.run(activities.emit, id, event).catch(() => undefined);
      const err = { name: "SyntaxError", code: "22P02", cause: { name: "Error" } };
      expect(logged).toEqual(["task", "emit"].map((step) => [mode === "open" ? broken : err, step, id]));
    }
  });

  test("tell the workflow what was decided but not why; the agent is told why", async () => {
    const feedbacks: (string | undefined)[] = [];
    const { id, store, activities, call, environment } = await jobWith((request) => {
      feedbacks.push(request.feedback);
      return echo(request);
    }, "confidential");
    const key = `${id}/draft/1/result`;
    const output = { text: "", citations: [] };
    await store.records.ask(id, key, { about: "result", task: "draft", round: 1, output });
    await store.jobs.decide(owner, id, { decision: "repeat", by: owner, reason: "leave out the secret" });
    expect(await environment.run(activities.decision, id, key)).toEqual({ decision: "repeat", by: owner });
    await environment.run(activities.doTask, { ...call, key: `${id}/draft/2` });
    expect(feedbacks).toEqual(["leave out the secret"]);
  });

  test("tell the task what was said of a call that was cut off, though the workflow was not told", async () => {
    const answered: unknown[] = [];
    const { id, store, activities, call, environment } = await jobWith((request) => {
      answered.push(request.answers);
      return echo(request);
    }, "confidential");
    const question = `${call.key}/outcome`;
    const cut = { tool: "open_ticket", key: "k", summary: "open_ticket" };
    await store.records.ask(id, question, { about: "outcome", task: "draft", round: 1, call: cut });
    await store.jobs.decide(owner, id, { decision: "approve", by: owner, reason: "the secret ticket" });
    const answer = { call: "k", question, happened: true, by: owner };
    await environment.run(activities.doTask, { ...call, answers: [answer], used: { tokens: 1, cost: 0 } });
    expect(answered).toEqual([[{ ...answer, reason: "the secret ticket" }]]);
  });
});
