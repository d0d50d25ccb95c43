import { describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import type { TaskResult } from "../../workflows/crews/steps.ts";
import { crewOf, type OnBench } from "../support/job-bench.ts";
import { echo, said, untilAborted } from "../support/scripted-work.ts";
import { until } from "../support/until.ts";

const refused: TaskResult = { status: "refused", feedback: "too short", usage: { tokens: 5, cost: 0 } };

/** Failures are tried again where that helps, and end the job where it does not. */
export const jobEngineFailuresContract = (name: string, on: OnBench): void => {
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
};
